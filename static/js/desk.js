// On every page: keys for lists and for whatever names its key, dialogs and drawers. Nothing needs this.
import { keyName } from "newsdesk/keys"

const all = (selector) => [...document.querySelectorAll(selector)]
const rows = () => all("[data-list] tbody tr")
const at = () => rows().findIndex((row) => row.contains(document.activeElement))
const box = (row) => row.querySelector("[type=checkbox]")
let ticked // the row ticked last, from which Shift+x goes on

const goTo = (row) => row?.querySelector("a")?.focus()

function tick(from = at()) {
  const range = [from, at()].sort((a, b) => a - b)
  const state = box(rows()[at()])?.checked
  for (const row of rows().slice(range[0], range[1] + 1)) if (box(row)?.checked === state) box(row).click()
  ticked = at()
}

const KEYS = {
  j: () => goTo(rows()[at() + 1]),
  k: () => goTo(rows()[Math.max(at() - 1, 0)]),
  x: () => tick(),
  X: () => tick(ticked),
}

document.addEventListener("keydown", (event) => {
  const { target } = event
  if (event.defaultPrevented || target.matches("textarea, select, input:not([type=checkbox])")) return
  // In the workbench single keys belong to the text, and only while it has the focus.
  if (document.querySelector("#article") && target.id !== "article") return
  const key = keyName(event)
  const [control] = all(`[data-key="${CSS.escape(key)}"]`)
  if (control) control.matches("input") ? control.focus() : control.click()
  else if (at() >= 0 || key === "j" ) KEYS[key]?.()
  else return
  event.preventDefault()
})

document.addEventListener("click", ({ target }) => {
  const { dialog, drawer } = target.closest("button")?.dataset ?? {}
  if (dialog) document.getElementById(dialog).showModal()
  if (drawer) target.ariaExpanded = document.getElementById(drawer).toggleAttribute("data-open")
})

/** `<input data-narrows="#keys li">` hides the lines that do not hold its words. */
document.addEventListener("input", ({ target: { value, dataset } }) => {
  if (dataset.narrows)
    for (const line of all(dataset.narrows)) line.hidden = !line.textContent.toLowerCase().includes(value.toLowerCase())
})

// Lists of articles: Enter does the page's main act; x ticks, Shift+x as far as the last tick; a goes to the bar of
// acts, v to the saved views.
import { keyName } from "newsdesk/keys"

const find = (selector) => document.querySelector(selector)
const boxes = () => [...document.querySelectorAll("[data-tick]")]
let last

function tick(row, isRange) {
  const box = row?.querySelector("[data-tick]")
  if (!box) return false
  const all = boxes()
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b)
  if (isRange && from >= 0) for (const each of all.slice(from, to + 1)) each.checked = true
  else box.checked = !box.checked
  last = box
  return true
}

const press = (control) => (control?.click(), control)
const focus = (control) => (control?.focus(), control)

// Each gives back what it found, if it found anything.
const acts = {
  Enter: ({ target }) => target.matches("h1, body") && press(find("[data-main]")),
  x: ({ target }) => tick(target.closest("tr"), false),
  X: ({ target }) => tick(target.closest("tr"), true),
  a: () => find("[data-acts]")?.checkVisibility() && focus(find("[data-acts]")),
  v: () => focus(find("[data-views] a")),
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.target.matches("input:not([data-tick]), select, textarea")) return
  if (acts[keyName(event)]?.(event)) event.preventDefault()
})
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-tick]")) last = target
})

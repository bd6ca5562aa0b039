// Review by keys: which decision is open, what each key clicks in it. The server decides.
import { keyName } from "newsdesk/keys"

const find = (selector) => document.querySelector(selector)
const page = find("[data-review]")
const cards = () => [...page.querySelectorAll(".decision")].filter((card) => card.checkVisibility())
const current = () => page.querySelector(".decision:has(> details[open])")

// Opening one closes the others: they share a name.
function open(card) {
  if (!card) return
  card.firstElementChild.open = true
  card.querySelector("summary").focus({ preventScroll: true })
  card.scrollIntoView({ block: "nearest" })
}

function step(by, wanted = () => true) {
  const all = cards()
  const at = all.indexOf(current())
  open((by > 0 ? all.slice(at + 1) : all.slice(0, Math.max(at, 0)).reverse()).find(wanted))
}

const isOpen = ({ dataset }) => /open|changed/.test(dataset.state)

function accept(card, number) {
  const choice = card.querySelector(`[name=variant][value="${number}"]:enabled`)
  if (!choice) return
  choice.checked = true
  card.querySelector("[data-card-key=a]").click()
}

function press(card, key) {
  const control = card.querySelector(`[data-card-key="${CSS.escape(key)}"]`)
  const fixing = control?.closest(".fixing")
  if (fixing) fixing.open = true
  if (!control) return false
  if (control.matches("select, textarea")) control.focus()
  else if (control.matches("summary")) card.querySelector("[name=words]").focus()
  else control.click()
  return true
}

const STEPS = { j: () => step(1), k: () => step(-1), n: () => step(1, isOpen) }

document.addEventListener("keydown", (event) => {
  const { target } = event
  const key = keyName(event)
  const card = current()
  if (target.matches("input:not([type=radio]), select, textarea")) {
    if (key === "Enter" && target.closest(".fixing")) target.form.querySelector("[value=fix]").click()
    else if (key === "Escape" && card?.contains(target)) open(card)
    else return
  } else if (STEPS[key]) STEPS[key]()
  else if (card && /^[1-9]$/.test(key)) accept(card, key)
  else if (!card || !press(card, key)) return
  event.preventDefault()
})

// The open decision's place in the text; of a link, both its ends.
function light() {
  const places = current()?.dataset.places.split(" ") ?? []
  for (const mark of page.querySelectorAll("mark.now")) mark.classList.remove("now")
  const marks = places.flatMap((id) => [...page.querySelectorAll(`mark[data-d~="${id}"]`)])
  for (const mark of marks) mark.classList.add("now")
  marks[0]?.scrollIntoView({ block: "nearest" })
}
page.addEventListener("toggle", light, true)

page.addEventListener("click", ({ target }) => {
  const pill = target.closest("[data-show]")
  const mark = target.closest("mark[data-d]")
  if (pill) show(pill.ariaPressed === "true" ? "" : pill.dataset.show)
  else if (mark && getSelection().isCollapsed) open(find(`#d-${mark.dataset.d.split(" ").at(-1)}`))
})

// Words that are selected in the text are what an open fix says.
page.addEventListener("mouseup", () => {
  const words = getSelection().toString().trim()
  const field = current()?.querySelector(".fixing[open] [name=words]")
  if (words && field && getSelection().anchorNode.parentElement.closest(".story")) field.value = words
})

let shown = ""
function show(kind) {
  shown = kind
  for (const card of page.querySelectorAll(".decision"))
    card.hidden = Boolean(kind) && !(isOpen(card) && (kind === "open" || card.dataset.kind === kind))
  for (const pill of page.querySelectorAll("[data-show]")) pill.ariaPressed = pill.dataset.show === kind
}

// Who decides goes on at once; the answer moves only those who waited for it.
page.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target.matches("[data-verdict]")) step(1, isOpen)
})
page.addEventListener("htmx:responseError", ({ target }) => open(target.closest(".decision")))

document.addEventListener("decided", ({ detail }) => {
  show(shown)
  if (detail.asked || !current()) open(find(`#d-${detail.next}`))
  light()
})
light()

// The workbench: what keys, pointer, touch and forms do. What is saved, the server paints.
import { say } from "newsdesk/announce"
import { choose, goTo, known, light, noteOf, outwards, over, overCursor, relight, selected, step } from "newsdesk/annotations"
import { clearSelection, cursor, move, moveTo, paint, paintCursor, select, selection } from "newsdesk/cursor"
import { keyName } from "newsdesk/keys"
import { endLink, isCandidate, offer, offered, startLink } from "newsdesk/links"
import * as page from "newsdesk/page"
import { add, newId, pending } from "newsdesk/queue"

const { article, work } = page
const { annotationsUrl, relationsUrl } = work.dataset
const find = (selector) => document.querySelector(selector)
let focusLater // what to focus in the details once they are there

function write(url, fields = {}) {
  if (work.dataset.state === "open") add(url, fields)
  else find("#alert").textContent = work.dataset.reason
}
const change = (id, fields) => id && write(`${annotationsUrl}${id}/`, fields)

function repaint() {
  paint("pending", Object.values(pending()).filter(({ start }) => start))
  paintCursor()
  relight()
  light("lit", offered())
}

function inDetails(selector) {
  focusLater = selector
  choose(selected() ?? overCursor()[0], 0)
}

/** Label the selection, or relabel the selected annotation, or label the word one is at. */
function label(key, keepSelection) {
  if (selected() && !selection()) return change(selected(), { label: key })
  const { start, end } = selection() ?? cursor()
  const id = newId()
  write(annotationsUrl, { id, revision: article.dataset.revision, start, end, label: key })
  if (keepSelection) return
  getSelection().removeAllRanges()
  clearSelection(page.wordAt(end - 1))
  choose(id)
}

/** Move the `edge` ("start" or "end") of an annotation by a word to one `side`, in reading order ("left" is back). */
function resize(id, edge, side) {
  const by = side === "left" ? -1 : 1
  const { start, end } = known(id ?? 0)
  const span = { start, end }
  for (const word of page.wordsFrom(edge === "end" && by > 0 ? end - 1 : span[edge], by))
    if ((word[edge] - span[edge]) * by > 0) {
      span[edge] = word[edge]
      break
    }
  if (span.start < span.end) change(id, span)
}

function link(to) {
  write(relationsUrl, { id: newId(), type: "attributed_to", from: selected(), to })
  endLink()
}

function byText() {
  const form = find("#by-text")
  const { paragraph, words } = form.elements
  form.closest("details").open = true
  paragraph.value = page.blockAt(cursor().start).index + 1
  if (selection()) words.value = page.quote(selection())
  words.focus()
}

const KEYS = {
  s: () => select(page.sentenceAt(cursor())),
  p: () => select(page.blockAt(cursor().start)),
  a: byText,
  o: () => overCursor()[0] && goTo(outwards(overCursor())),
  l: () => {
    choose(selected() ?? overCursor()[0])
    if (selected() && !startLink(selected())) inDetails("[name=to_name]")
  },
  c: () => inDetails("[name=body]"),
  u: () => change(selected(), { fields: "unsure", ...(noteOf(selected())?.matches("[data-unsure]") || { unsure: "on" }) }),
  Enter: () => (selection() ? find(".label").focus() : inDetails(":is(a, button, input, select, textarea)")),
  Escape: () => clearSelection() || choose(null),
  Delete: () => change(`${selected()}/delete`),
  "[": () => step(-1),
  "]": () => step(1),
  "{": () => step(-1, true),
  "}": () => step(1, true),
  ",": () => resize(selected(), "end", "left"),
  ".": () => resize(selected(), "end", "right"),
  "<": () => resize(selected(), "start", "left"),
  ">": () => resize(selected(), "start", "right"),
}
KEYS.Backspace = KEYS.Delete

const LINK_KEYS = { Enter: () => link(offered()), Escape: endLink }
for (const key of ["ArrowLeft", "ArrowUp", "["]) LINK_KEYS[key] = () => offer(-1)
for (const key of ["ArrowRight", "ArrowDown", "]"]) LINK_KEYS[key] = () => offer(1)

article.addEventListener("keydown", (event) => {
  if (event.target !== article) return
  const key = keyName(event)
  const act = (offered() ? LINK_KEYS : KEYS)[key]
  const digit = key.length === 1 && /(?:Digit|Numpad)([1-9])/.exec(event.code)?.[1]
  const button = digit && find(`.label[data-hotkey="${digit}"]`)
  if (act) event.repeat || act()
  else if (offered() || move(key, event.shiftKey)) 0
  else if (button) label(button.dataset.label, event.shiftKey)
  else return
  event.preventDefault()
})

article.addEventListener("moved", () => {
  choose(null)
  if (selection()) return
  const names = new Set(overCursor().map((id) => noteOf(id).querySelector("b").textContent))
  say([page.quote(cursor()), [...names].join(" and ")].filter(Boolean).join(", in "), "words")
})

/** What the browser has selected in the article, as a span. */
function marked() {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection()
  if (!article.contains(anchorNode) || !article.contains(focusNode)) return
  const ends = [page.offsetAt(anchorNode, anchorOffset), page.offsetAt(focusNode, focusOffset)]
  return { start: Math.min(...ends), end: Math.max(...ends) }
}

document.addEventListener("mouseup", ({ button, detail, altKey, target }) => {
  const span = marked()
  if (button || !span || target.closest("a, button, summary")) return
  getSelection().removeAllRanges()
  const word = page.wordAt(span.start)
  if (detail === 3) select(page.sentenceAt(word))
  else if (detail === 2) select(word)
  else if (span.start < span.end) select(altKey ? span : page.snapped(span))
  else {
    const here = over(target.closest("mark"))
    const source = here.find(isCandidate)
    if (source) return link(source)
    const next = outwards(here)
    moveTo(word)
    choose(next)
  }
})

let pointer
document.addEventListener("pointerdown", ({ pointerType }) => {
  pointer = pointerType
})
// Fingers mark text with the system's own handles; what they hold is the selection.
document.addEventListener("selectionchange", () => {
  const span = pointer === "touch" && marked()
  if (span && span.start < span.end) select(page.snapped(span))
})

// A pointer on these leaves the focus in the text, where the keys are.
document.addEventListener("mousedown", (event) => {
  if (event.target.closest(".label, [data-action]")) event.preventDefault()
})
document.addEventListener("click", ({ target, shiftKey, isTrusted }) => {
  const id = target.closest("[data-annotation]")?.dataset.annotation
  const button = target.closest("button")
  if (button?.matches(".label")) label(button.dataset.label, shiftKey)
  else if (button?.dataset.action) resize(id, ...button.dataset.action.split("-"))
  else if (isTrusted && id && target.closest("a") && !target.closest("#details")) goTo(id)
})

document.addEventListener("submit", (event) => {
  const { target: form } = event
  if (!form.matches("[data-write]")) return
  event.preventDefault()
  const fields = Object.fromEntries(new FormData(form, event.submitter))
  if (fields.id) fields.id = newId()
  write(form.getAttribute("action"), fields)
  if (fields.id) form.reset()
})
document.addEventListener("htmx:afterSettle", () => {
  find("#details").querySelector(focusLater)?.focus()
  focusLater = null
})

work.addEventListener("queue", repaint)
repaint()

// The annotations as the page knows them, from their notes in the margin and from the queue, and the selected one.
import { say } from "newsdesk/announce"
import { cursor, moveTo } from "newsdesk/cursor"
import { article, elementsOf, rangesOf, wordAt } from "newsdesk/page"
import { pending } from "newsdesk/queue"

let chosen = new URLSearchParams(location.search).get("selected")
let opening
let isOpen = true // whether the details show the selected annotation, or will soon

export const selected = () => chosen
export const noteOf = (id) => document.getElementById(`a-${id}`)
export const notes = () => [...article.getElementsByClassName("note")]

/** Label, start and end of an annotation as they will be when all is saved. */
export function known(id) {
  const { label, start, end } = { ...noteOf(id)?.dataset, ...pending()[id] }
  return { label, start: +start, end: +end }
}

/** Give the class `name` to the marks and the note of an annotation, and to nothing else. */
export function light(name, id) {
  for (const lit of [...document.getElementsByClassName(name)]) lit.classList.remove(name)
  if (!noteOf(id)) return
  for (const block of elementsOf(known(id)))
    for (const mark of block.querySelectorAll(`[data-s~="${id}"]`)) mark.classList.add(name)
  noteOf(id).classList.add(name)
}

/** Make `id` the selected annotation. Its details are fetched when one stays with it for `wait` ms. */
export function choose(id, wait = 150) {
  chosen = id
  light("on", id)
  clearTimeout(opening)
  isOpen = false
  opening = setTimeout(() => {
    noteOf(chosen)?.querySelector("a").click()
    isOpen = Boolean(noteOf(chosen))
  }, wait)
}

/** Light the selected annotation again after a repaint, which may have brought its note. */
export function relight() {
  if (isOpen) light("on", chosen)
  else choose(chosen)
}

/** The annotations over a mark, shortest first. */
export function over(mark) {
  const length = (id) => known(id).end - known(id).start
  return mark ? mark.dataset.s.split(" ").sort((a, b) => length(a) - length(b)) : []
}
export const overCursor = () => over(rangesOf(cursor())[0].startContainer.parentElement.closest("mark"))

/** Select `id` and put the cursor where it begins. */
export function goTo(id) {
  moveTo(wordAt(known(id).start))
  choose(id)
  say(`${noteOf(id).dataset.say}, ${notes().indexOf(noteOf(id)) + 1} of ${notes().length}`)
}

/** Of the annotations `ids` at one place the one after the selected, outwards. */
export const outwards = (ids) => ids[(ids.indexOf(chosen) + 1) % ids.length]

/** Go to the next (`by` 1) or previous (-1) annotation, if `same` of the same label. */
export function step(by, same) {
  const { label } = known(chosen ?? overCursor()[0])
  const all = notes().filter(({ dataset }) => !same || dataset.label === label)
  const at = all.indexOf(noteOf(chosen))
  const isAhead = ({ dataset }) => dataset.start >= cursor().start
  const next = at >= 0 ? all[at + by] : by > 0 ? all.find(isAhead) : all.findLast((note) => !isAhead(note))
  if (next) goTo(next.dataset.annotation)
}

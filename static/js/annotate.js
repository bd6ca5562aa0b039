// What keys, pointers and forms do. What is saved, the server paints.
import { unselect, cursor, move, moveTo, paint, paintCursor, select, selection } from "newsdesk/cursor"
import { keyName } from "newsdesk/keys"
import { article, blockAt, find, offsetAt, quote, rangesOf, say, sentenceAt, work, wordAt, wordsIn } from "newsdesk/page"
import { add, newId, pending } from "newsdesk/queue"

const { annotationsUrl, relationsUrl } = work.dataset
const actions = JSON.parse(work.dataset.keys) // what each key does
const on = document.addEventListener.bind(document)

let chosen = new URLSearchParams(location.search).get("selected")
let timer, spot

const noteOf = (id) => find(`#a-${id}`)
const notes = () => [...article.querySelectorAll(".note")]

function light(name, ...ids) {
  for (const lit of article.querySelectorAll(`.${name}`)) lit.classList.remove(name)
  for (const id of ids)
    for (const part of article.querySelectorAll(`#a-${id}, [data-s~="${id}"]`)) part.classList.add(name)
}

const open = (id) =>
  noteOf(id) && !find(`#d-${id}, .conflict`) && htmx.ajax("GET", `${annotationsUrl}${id}/`, "#details")

// The details follow when one stays with an annotation.
function choose(id) {
  chosen = id
  light("on", id)
  light("linked", ...(noteOf(id)?.dataset.linked?.split(" ") ?? []))
  clearTimeout(timer)
  timer = setTimeout(open, 150, id)
}

async function focusDetail(selector) {
  const id = current()
  choose(id)
  await open(id)
  find(`#d-${id} :is(${selector})`)?.focus()
}

const over = (mark) => mark?.dataset.s.split(" ").reverse() ?? []
const overCursor = () => over(rangesOf(cursor())[0].startContainer.parentElement.closest("mark"))

const current = () => chosen ?? overCursor()[0]
const currentNote = () => noteOf(current())?.dataset ?? {}

const outwards = (ids) => ids[(ids.indexOf(chosen) + 1) % ids.length]
function goTo(id) {
  const note = noteOf(id)
  moveTo(wordAt(+note.dataset.start))
  choose(id)
  say(`${note.dataset.say}, ${notes().indexOf(note) + 1} of ${notes().length}`)
}

function step(by, isSame) {
  const { label } = currentNote()
  const all = notes().filter(({ dataset }) => !isSame || dataset.label === label)
  const passed = all.filter(({ dataset }) => dataset.start < cursor().start).length
  const at = all.indexOf(noteOf(chosen))
  const next = all.at(at < 0 ? passed - (by < 0) : at + by)
  if (next) goTo(next.dataset.annotation)
}

const change = (fields, verb = "") => chosen && add(`${annotationsUrl}${chosen}/${verb}`, fields)

// Label the selection, relabel what is selected, or label the word at the cursor.
function label(key, keep) {
  if (chosen && !selection()) return change({ label: key })
  const { start, end } = selection() ?? cursor()
  const id = newId()
  add(annotationsUrl, { id, revision: article.dataset.revision, start, end, label: key })
  if (keep) return
  getSelection().removeAllRanges()
  unselect(wordAt(end - 1))
  choose(id)
}

// Link mode: the possible ends, nearest first.
let ends = []
let at, type

const lightEnd = () => light("lit", ends[at])

function offer(index) {
  at = (index + ends.length) % ends.length
  lightEnd()
  find(".lit").scrollIntoView({ block: "nearest" })
  say(`Link to ${noteOf(ends[at]).dataset.say}, ${at + 1} of ${ends.length}. Enter links.`)
}

function startLink() {
  choose(current())
  const from = noteOf(chosen)?.dataset ?? pending().find(({ id }) => id === chosen)
  if (!from) return
  const { relation, to } = find(`.label[data-label="${from.label}"]`).dataset
  const away = ({ dataset }) => Math.abs(dataset.start - from.start)
  const fit = notes().filter(({ dataset }) => to.split(" ").includes(dataset.label))
  ends = fit.sort((a, b) => away(a) - away(b)).map(({ dataset }) => dataset.annotation)
  type = relation
  if (ends[0]) offer(0)
  else focusDetail("[name=to_name]")
}

function endLink(to) {
  if (to) add(relationsUrl, { id: newId(), type, from: chosen, to })
  ends = []
  lightEnd()
}

const back = () => offer(at - 1)
const ahead = () => offer(at + 1)
const LINKING = {
  Enter: () => endLink(ends[at]),
  Escape: () => endLink(),
  previous: back, ArrowLeft: back, ArrowUp: back,
  next: ahead, ArrowRight: ahead, ArrowDown: ahead,
}

const show = (panel) => htmx.ajax("GET", `?panel=${panel}`, { target: "#panel", swap: "outerHTML" })

async function byText() {
  find("#by-text") ?? (await show("labels"))
  const { paragraph, words } = find("#by-text")
  paragraph.value = blockAt(cursor().start).id.slice(1)
  words.focus()
}

async function guide() {
  const { label = "" } = currentNote()
  await show("guide")
  find(`#guide-${label}`)?.focus()
}

const ACTIONS = {
  sentence: () => select(sentenceAt(cursor().start)),
  paragraph: () => select(blockAt(cursor().start)),
  outwards: () => overCursor()[0] && goTo(outwards(overCursor())),
  link: startLink,
  comment: () => focusDetail(".begin [name=body]"),
  unsure: () => change({ fields: "unsure", ...("unsure" in currentNote() || { unsure: "on" }) }),
  "by-text": byText,
  guide,
  delete() {
    change({}, "delete/")
    choose(null)
  },
  previous: () => step(-1),
  next: () => step(1),
  "previous-same": () => step(-1, true),
  "next-same": () => step(1, true),
  Enter: () => (selection() ? find(".label").focus() : focusDetail("button")),
  Escape: () => unselect() || choose(null),
}

on("keydown", (event) => {
  const { target, code, shiftKey, repeat } = event
  const key = keyName(event)
  if (key === "Escape" && target.closest(".side")) article.focus()
  if (target !== article || !key) return
  const digit = /[td]([1-9])$/.exec(code)?.[1] // of Digit1 or Numpad1
  const button = find(`.label[data-hotkey="${digit}"]`)
  const name = actions[key] ?? key
  const act = (ends[0] && LINKING[name]) ?? ACTIONS[name]
  const control = find(`[data-action="${CSS.escape(name)}"]`)
  if (act) repeat || act()
  else if (/^(start|end)-/.test(name)) change({ edge: name })
  else if (control) control.click()
  else if (button) label(button.dataset.label, shiftKey)
  else if (!move(key, shiftKey)) return
  event.preventDefault()
})

on("moved", () => {
  choose(null)
  endLink()
  if (selection()) return
  const names = overCursor().map((id) => noteOf(id).querySelector("b").textContent).join(" and ")
  say(quote(cursor()) + (names && `, in ${names}`), true)
})

// The words that the browser selects, by mouse or fingers, are ours.
function adopt(isExact) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection()
  const edges = [offsetAt(anchorNode, anchorOffset), offsetAt(focusNode, focusOffset)]
  const [start, end] = edges.sort((a, b) => a - b)
  const words = start < end ? wordsIn({ start, end }) : []
  if (words[0]) select(isExact ? { start, end } : { start: words[0].start, end: words.at(-1).end })
}
on("selectionchange", () => adopt())

on("mouseup", ({ button, detail, altKey, target }) => {
  const { anchorNode, anchorOffset, isCollapsed } = getSelection()
  const start = offsetAt(anchorNode, anchorOffset)
  if (button || isNaN(start) || target.closest("a, summary")) return
  adopt(altKey)
  getSelection().removeAllRanges()
  if (detail < 3) spot = start
  else select(sentenceAt(spot))
  if (!isCollapsed) return
  const here = over(target.closest("mark"))
  const end = here.find((id) => ends.includes(id))
  if (end) return endLink(end)
  const next = outwards(here)
  moveTo(wordAt(start))
  choose(next)
})

on("click", (event) => {
  const { target, shiftKey, detail } = event
  const key = target.closest(".label")?.dataset.label
  if (key) label(key, shiftKey)
  if (key && detail) article.focus({ preventScroll: true })
  const id = target.closest("a")?.closest(".note, a[data-annotation]")?.dataset.annotation
  if (!noteOf(id)) return
  event.preventDefault()
  goTo(id)
})

on("submit", (event) => {
  const { target: form, submitter } = event
  if (!form.matches("[data-write]")) return
  event.preventDefault()
  const fields = Object.fromEntries(new FormData(form, submitter))
  if ("id" in fields) {
    fields.id = newId()
    form.reset()
  }
  add(form.getAttribute("action"), fields)
})

on("input", ({ target: { type, value } }) => {
  for (const row of type === "search" ? find("#key-table tbody").rows : [])
    row.hidden = !row.textContent.toLowerCase().includes(value.toLowerCase())
})

function repaint() {
  paint("pending", pending())
  paintCursor()
  choose(chosen)
  lightEnd()
}
on("queue", repaint)
on("htmx:afterSwap", () => find(":focus") ?? article.focus({ preventScroll: true }))
repaint()

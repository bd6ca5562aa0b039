// Where one is, in code points, which no repaint moves.
import * as page from "newsdesk/page"

const { nextWord, quote } = page
let word = nextWord(-1, 1)
let anchor = null
let column = null // the x that ↑ and ↓ keep to

export const cursor = () => word
export const selection = () =>
  anchor && { start: Math.min(anchor.start, word.start), end: Math.max(anchor.end, word.end) }

if (!CSS.highlights) await import("newsdesk/highlights")
export const paint = (name, spans) => CSS.highlights.set(name, new Highlight(...spans.flatMap(page.rangesOf)))

export function paintCursor() {
  paint("selection", anchor ? [selection()] : [])
  paint("cursor", [word])
}

function settle() {
  paintCursor()
  document.dispatchEvent(new Event("moved"))
  if (!anchor) return
  const span = selection()
  const words = page.wordsIn(span).filter(({ isWordLike }) => isWordLike)
  const ends = words.length > 7 ? [{ ...span, end: words[2].end }, { ...span, start: words.at(-3).start }] : [span]
  page.say(`${ends.map(quote).join(" … ")}, selected, ${page.counted(words, "word")}`)
}

export function moveTo(next, extend) {
  if (!next) return
  anchor = extend ? (anchor ?? word) : null
  word = next
  settle()
  const { top, bottom } = page.boxOf(word)
  scrollBy({ top: Math.min(top - 80, 0) || Math.max(bottom + 120 - innerHeight, 0), behavior: "instant" })
}

export function select(span) {
  anchor = span
  const { start, end } = page.wordAt(span.end - 1)
  word = { start: Math.max(start, span.start), end: Math.min(end, span.end) }
  settle()
}

export function unselect(at = word) {
  const had = anchor
  anchor = null
  word = at
  paintCursor()
  return had
}

const sideways = (step) => nextWord(word.start, page.article.matches(":dir(rtl)") ? -step : step)
const sentence = () => page.wordsIn(page.sentenceAt(word.start))
const paragraph = () => page.blockAt(word.start)
const MOVES = {
  ArrowLeft: () => sideways(-1),
  ArrowRight: () => sideways(1),
  ArrowUp: () => page.wordOnLine(word, -1, column),
  ArrowDown: () => page.wordOnLine(word, 1, column),
  Home: () => sentence()[0],
  End: () => sentence().at(-1),
  PageUp: () => page.wordsIn(page.blockAt(nextWord(paragraph().start, -1)?.start))[0],
  PageDown: () => nextWord(paragraph().end - 1, 1),
  "Ctrl+Home": () => nextWord(-1, 1),
  "Ctrl+End": () => nextWord(Infinity, -1),
}

export function move(key, extend) {
  if (!MOVES[key]) return false
  const { left, right } = page.boxOf(word)
  column = /w(Up|Down)/.test(key) ? (column ?? (left + right) / 2) : null
  moveTo(MOVES[key](), extend)
  return true
}

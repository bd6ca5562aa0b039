// Where one is: at a word, perhaps with a selection grown from an anchor. Both are code points, so
// that no repaint can move them; they are painted as highlights and are no elements.
import { say } from "newsdesk/announce"
import * as page from "newsdesk/page"

let word = page.firstWord()
let anchor = null
let column = null // the x that ↑ and ↓ keep to

export const cursor = () => word
export const selection = () =>
  anchor && { start: Math.min(anchor.start, word.start), end: Math.max(anchor.end, word.end) }

/** Paint `spans` as the highlight `name`; without highlights the browser's selection shows the cursor. */
export function paint(name, spans) {
  const ranges = spans.flatMap(page.rangesOf)
  if (CSS.highlights) CSS.highlights.set(name, new Highlight(...ranges))
  else if (name === "cursor") {
    getSelection().removeAllRanges()
    getSelection().addRange(ranges[0])
  }
}

export function paintCursor() {
  paint("selection", anchor ? [selection()] : [])
  paint("cursor", [word])
}

function settle() {
  paintCursor()
  if (anchor) {
    const words = page.wordsIn(selection()).filter(({ isMark }) => !isMark)
    const { start, end } = selection()
    const text =
      words.length < 8
        ? page.quote({ start, end })
        : `${page.quote({ start, end: words[2].end })} … ${page.quote({ start: words.at(-3).start, end })}`
    say(`${text}, selected, ${words.length} word${words.length === 1 ? "" : "s"}`, "selections")
  }
  page.article.dispatchEvent(new Event("moved"))
}

/** Put the cursor on `next`; the selection grows up to it if `extend`, else it ends. */
export function moveTo(next, extend = false) {
  if (!next) return
  anchor = extend ? (anchor ?? word) : null
  word = next
  settle()
  const { top, bottom } = page.boxOf(word)
  // The sticky bars keep 5 rem above and below, as scroll-padding does.
  scrollBy({ top: Math.min(top - 80, 0) || Math.max(bottom + 80 - innerHeight, 0), behavior: "instant" })
}

/** Select `span`; the cursor goes to its last word. */
export function select(span) {
  anchor = span
  word = page.wordAt(span.end - 1)
  settle()
}

/** End the selection, with the cursor at `at`; whether there was one. */
export function clearSelection(at = word) {
  const had = anchor
  anchor = null
  word = at
  paintCursor()
  return had
}

const sideways = (step) => page.neighbour(word, page.isRightToLeft(word) ? -step : step)
const MOVES = {
  ArrowLeft: () => sideways(-1),
  ArrowRight: () => sideways(1),
  ArrowUp: () => page.wordOnLine(word, -1, column),
  ArrowDown: () => page.wordOnLine(word, 1, column),
  Home: () => page.wordsIn(page.sentenceAt(word))[0],
  End: () => page.wordsIn(page.sentenceAt(word)).at(-1),
  PageUp: () => page.paragraphFrom(word, -1),
  PageDown: () => page.paragraphFrom(word, 1),
  "Ctrl+Home": page.firstWord,
  "Ctrl+End": page.lastWord,
}

/** Make the move that `key` stands for; whether it stands for one. */
export function move(key, extend) {
  if (!(key in MOVES)) return false
  const { left, right } = page.boxOf(word)
  column = /Up$|Down$/.test(key) ? (column ?? (left + right) / 2) : null
  moveTo(MOVES[key](), extend)
  return true
}

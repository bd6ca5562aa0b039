// The article as text. Blocks keep their text; their elements change.
import { toCodePoints, toUtf16 } from "newsdesk/offsets"
import { sentences, words } from "newsdesk/words"

export const find = (selector) => document.querySelector(selector)
export const work = find("[data-workbench]")
export const article = find("#article")
export const counted = ({ length }, noun) => `${length} ${noun}${length === 1 ? "" : "s"}`

export function say(text, isWord) {
  const { speech } = document.documentElement.dataset
  if (speech === "words" || (speech === "selections" && !isWord)) find("#say").textContent = text
}

const blocks = []
for (const { id, dataset, textContent: text } of article.querySelectorAll(".block")) {
  const start = +dataset.start
  const last = blocks.at(-1)
  const gap = last?.after ?? "\n".repeat(start - (last?.end ?? start))
  blocks.push({ id, text, gap, after: dataset.after, start, end: start + toCodePoints(text) })
}

const element = ({ id }) => find(`#${id}`)
const wordsOf = (block) => (block.words ??= words(block.text, article.lang, block.start))
export const blockAt = (offset) => blocks.findLast(({ start }) => start <= offset) ?? blocks[0]
const overlaps = (one) => (other) => one.start < other.end && other.start < one.end

// [block, start, end] of each block that `span` touches.
const parts = (span) =>
  blocks
    .filter(overlaps(span))
    .map((block) => [block, Math.max(span.start, block.start), Math.min(span.end, block.end)])

export const quote = (span) =>
  parts(span).reduce((said, [{ text, gap, start: from }, start, end]) => {
    const part = text.slice(toUtf16(text, start - from), toUtf16(text, end - from))
    return said + (start > span.start ? gap : "") + part
  }, "")

// Between two text nodes, a range starts in the second and ends in the first.
function place(block, offset, isStart) {
  const walker = document.createTreeWalker(element(block), NodeFilter.SHOW_TEXT)
  let left = toUtf16(block.text, offset - block.start)
  while (left > walker.nextNode().length - isStart) left -= walker.currentNode.length
  return [walker.currentNode, left]
}

export const rangesOf = (span) =>
  parts(span).map(([block, start, end]) => {
    const range = new Range()
    range.setStart(...place(block, start, true))
    range.setEnd(...place(block, end, false))
    return range
  })

export function offsetAt(node, unit) {
  const block = node?.parentElement?.closest(".block")
  if (!block) return NaN
  const range = new Range()
  range.setStart(block, 0)
  range.setEnd(node, unit)
  return +block.dataset.start + toCodePoints(range.toString())
}

/** The words before (`step` -1) or after (1) `offset`, nearest first; none in folded blocks. */
export function* wordsFrom(offset, step) {
  for (let at = blocks.indexOf(blockAt(offset)); blocks[at]; at += step) {
    if (!element(blocks[at]).checkVisibility()) continue
    const list = wordsOf(blocks[at]).filter(({ start }) => (start - offset) * step > 0)
    yield* step > 0 ? list : list.reverse()
  }
}
export const nextWord = (offset, step) => wordsFrom(offset, step).next().value
export const wordAt = (offset) => nextWord(offset + 1, -1) ?? nextWord(offset, 1)
export const wordsIn = (span) => parts(span).flatMap(([block]) => wordsOf(block).filter(overlaps(span)))

export function sentenceAt(offset) {
  const block = blockAt(offset)
  return sentences(block.text, article.lang, block.start).find(({ end }) => offset < end)
}

export const boxOf = (word) => rangesOf(word)[0].getClientRects()[0]

/** The word nearest to `x` on the line above (`step` -1) or below (1). */
export function wordOnLine(word, step, x) {
  let line = boxOf(word)
  let best, nearest
  for (const next of wordsFrom(word.start, step)) {
    const box = boxOf(next)
    const isOnLine = Math.abs(box.top - line.top) < box.height / 2
    if (isOnLine && !best) continue
    if (!isOnLine && best) break
    if (!best) line = box
    const away = Math.max(box.left - x, x - box.right, 0)
    if (!best || away < nearest) [best, nearest] = [next, away]
  }
  return best
}

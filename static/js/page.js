// The article as text: code points ↔ places in the document. Its text never changes, so words are cut
// once for each block that is used; its elements change at each repaint, and are looked up.
import { toCodePoints, toUtf16 } from "newsdesk/offsets"
import { sentences, words } from "newsdesk/words"

export const work = document.querySelector("[data-workbench]")
export const article = document.querySelector("#article")

const blocks = [...article.querySelectorAll(".block")].map(({ id, dataset, textContent: text }, index) => {
  const start = +dataset.start
  return { id, index, text, start, end: start + toCodePoints(text) }
})

const element = ({ id }) => document.getElementById(id)
const wordsOf = (block) => (block.words ??= words(block.text, article.lang, block.start))
const units = ({ text, start, end }, offset) =>
  end - start === text.length ? offset - start : toUtf16(text, offset - start)

/** The last block that begins at or before `offset`. */
export const blockAt = (offset) => blocks.findLast(({ start }) => start <= offset) ?? blocks[0]

/** What of `span` lies in blocks, as [block, start, end]. Between blocks there is only white space. */
const parts = (span) =>
  blocks
    .slice(blockAt(span.start).index, blockAt(span.end - 1).index + 1)
    .map((block) => [block, Math.max(span.start, block.start), Math.min(span.end, block.end)])
    .filter(([, start, end]) => start < end)

/** The text of `span`; what is between blocks is line feeds, unless `data-gap` of the next block says more. */
export function quote(span) {
  let text = ""
  let { start: at } = span
  for (const [block, start, end] of parts(span)) {
    if (start > at) text += element(block).dataset.gap ?? "\n".repeat(start - at)
    text += block.text.slice(units(block, start), units(block, end))
    at = end
  }
  return text
}

// Where two text nodes meet, a range starts in the second and ends in the first.
function place(block, offset, isStart) {
  const walker = document.createTreeWalker(element(block), NodeFilter.SHOW_TEXT)
  let node = walker.nextNode()
  let left = units(block, offset)
  while (left > node.length - isStart) {
    left -= node.length
    node = walker.nextNode()
  }
  return [node, left]
}

/** `span` as DOM ranges, one for each block, so that the margin between blocks stays out. */
export const rangesOf = (span) =>
  parts(span).map(([block, start, end]) => {
    const range = new Range()
    range.setStart(...place(block, start, true))
    range.setEnd(...place(block, end, false))
    return range
  })

export const elementsOf = (span) => parts(span).map(([block]) => element(block))

/** The code point at a place in the document, if it is in a block. */
export function offsetAt(node, unit) {
  const block = node.parentElement.closest(".block")
  if (!block) return
  const range = new Range()
  range.setStart(block, 0)
  range.setEnd(node, unit)
  return +block.dataset.start + toCodePoints(range.toString())
}

/** The words that start before (`step` -1) or after (1) `offset`, nearest first; folded blocks are skipped. */
export function* wordsFrom(offset, step) {
  for (let { index } = blockAt(offset); blocks[index]; index += step) {
    if (element(blocks[index]).closest("details:not([open])")) continue
    const list = wordsOf(blocks[index])
    const first = list.findIndex(({ start }) => start > offset)
    let at = step > 0 ? first : list.findLastIndex(({ start }) => start < offset)
    for (; list[at]; at += step) yield list[at]
  }
}

export const neighbour = ({ start }, step) => wordsFrom(start, step).next().value
export const firstWord = () => wordsFrom(-1, 1).next().value
export const lastWord = () => wordsFrom(Infinity, -1).next().value
export const wordsIn = (span) =>
  parts(span).flatMap(([block]) => wordsOf(block).filter(({ start, end }) => start < span.end && span.start < end))

/** The word at `offset`, or the nearest before it, or after it. */
export const wordAt = (offset) => wordsFrom(offset + 1, -1).next().value ?? wordsFrom(offset, 1).next().value

/** The first word of the paragraph before or after that of `word`. */
export function paragraphFrom({ start }, step) {
  const here = blockAt(start)
  for (const word of wordsFrom(start, step)) {
    const block = blockAt(word.start)
    if (block !== here) return wordsOf(block)[0]
  }
}

export function sentenceAt({ start }) {
  const block = blockAt(start)
  return sentences(block.text, article.lang, block.start).find(({ end }) => start < end)
}

/** `span` grown to whole words, without white space at its ends. */
export function snapped({ start, end }) {
  const text = quote({ start, end })
  const inside = wordsIn({ start, end })
  const [first, last] = [inside[0] ?? { start }, inside.at(-1) ?? { end }]
  return {
    start: Math.min(first.start, start + text.length - text.trimStart().length),
    end: Math.max(last.end, end - text.length + text.trimEnd().length),
  }
}

export const boxOf = (span) => rangesOf(span)[0].getClientRects()[0]

/** The word nearest to `x` on the line above (`step` -1) or below (1) that of `word`. */
export function wordOnLine(word, step, x) {
  const here = boxOf(word)
  let line, best, nearest
  for (const next of wordsFrom(word.start, step)) {
    const { top, bottom, left, right } = boxOf(next)
    const middle = (top + bottom) / 2
    if (here.top < middle && middle < here.bottom) continue
    line ??= { top, bottom }
    if (middle < line.top || line.bottom < middle) break
    const away = Math.max(left - x, x - right, 0)
    if (!(away >= nearest)) [best, nearest] = [next, away]
  }
  return best
}

export const isRightToLeft = (word) => elementsOf(word)[0].matches(":dir(rtl)")

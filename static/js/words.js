import { toCodePoints } from "newsdesk/offsets"

// Besides words the cursor stops at what editors aim for: quotation marks, brackets, symbols, emoji.
const AIMED_AT = /[\p{S}\p{Pi}\p{Pf}\p{Ps}\p{Pe}"']/u

function* segments(text, lang, granularity, start) {
  for (const part of new Intl.Segmenter(lang || undefined, { granularity }).segment(text)) {
    const end = start + toCodePoints(part.segment)
    yield { ...part, start, end }
    start = end
  }
}

/** The words of `text` as spans in code points counted from `start`; one that only `isMark` has no letters. */
export function words(text, lang, start = 0) {
  return [...segments(text, lang, "word", start)]
    .filter(({ segment, isWordLike }) => isWordLike || AIMED_AT.test(segment))
    .map(({ start, end, isWordLike }) => ({ start, end, isMark: !isWordLike }))
}

/** The sentences of `text` likewise, without the white space after them. */
export function sentences(text, lang, start = 0) {
  return [...segments(text, lang, "sentence", start)]
    .filter(({ segment }) => segment.trim())
    .map(({ segment, start, end }) => ({ start, end: end - segment.length + segment.trimEnd().length }))
}

import { toCodePoints } from "newsdesk/offsets"

// What one aims for besides words: quotation marks, brackets, symbols, emoji.
const AIMED_AT = /[\p{S}\p{Pi}\p{Pf}\p{Ps}\p{Pe}"']/u

function segments(text, lang, granularity, start) {
  const found = []
  for (const { segment, isWordLike } of new Intl.Segmenter(lang || undefined, { granularity }).segment(text)) {
    found.push({ start, end: start + toCodePoints(segment.trimEnd()), segment, isWordLike })
    start += toCodePoints(segment)
  }
  return found.filter(({ segment }) => segment.trim())
}

export const words = (text, lang, start) =>
  segments(text, lang, "word", start).filter(({ segment, isWordLike }) => isWordLike || AIMED_AT.test(segment))

export const sentences = (text, lang, start) => segments(text, lang, "sentence", start)

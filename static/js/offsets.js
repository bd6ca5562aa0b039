// A browser counts text in UTF-16 units; Newsdesk counts code points, as Python does.

export function toCodePoints(text, units = text.length) {
  let offset = 0
  for (let at = 0; at < units; offset++) at += text.codePointAt(at) > 0xffff ? 2 : 1
  return offset
}

export function toUtf16(text, offset) {
  let units = 0
  while (offset-- > 0) units += text.codePointAt(units) > 0xffff ? 2 : 1
  return units
}

const BY_PLACE = { BracketLeft: "[{", BracketRight: "]}", Comma: ",<", Period: ".>", Slash: "/?" }

/** What was pressed, as "s", "Z" or "Ctrl+Enter"; nothing when it is not ours to take. */
export function keyName(event) {
  const { code, shiftKey } = event
  let { key } = event
  // An Arabic or Russian keyboard has no "s" and no "[" of its own: there the place of the key counts.
  if (key.length === 1 && key > "~") key = BY_PLACE[code]?.[+shiftKey] ?? code.replace(/^Key/, "")
  if (key.length === 1) key = shiftKey ? key.toUpperCase() : key.toLowerCase()
  const isTyped = event.getModifierState("AltGraph") // which some systems report as Ctrl and Alt
  if (!isTyped && (event.ctrlKey || event.metaKey)) key = `Ctrl+${key}`
  const isOff = key.length === 1 && document.documentElement.dataset.keys === "off"
  return isOff || event.isComposing || (event.altKey && !isTyped) ? "" : key
}

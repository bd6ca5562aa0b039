/** What was pressed, as "s", "Z" or "Ctrl+Enter"; nothing if it is not ours. */
export function keyName(event) {
  let { key, code, shiftKey, ctrlKey, altKey, metaKey } = event
  if (key.length === 1) {
    if (key > "~") key = code.replace("Key", "") // an Arabic or Russian keyboard has no "s"
    key = shiftKey ? key.toUpperCase() : key.toLowerCase()
    if (event.getModifierState("AltGraph")) return key // which may be reported as Ctrl and Alt
    if (!ctrlKey && document.documentElement.dataset.keys === "off") return ""
  }
  if (altKey) return ""
  return ctrlKey || metaKey ? `Ctrl+${key}` : key
}

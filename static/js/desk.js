// Keys on every page but the workbench: j and k in lists, and whatever control names its key in `data-key`.
import { keyName } from "newsdesk/keys"

document.addEventListener("keydown", (event) => {
  const { target, defaultPrevented } = event
  if (defaultPrevented || target.matches("input, select, textarea")) return
  const key = keyName(event)
  const rows = [...document.querySelectorAll("[data-list] tbody tr")]
  const at = rows.findIndex((row) => row.contains(target))
  const next = { j: rows[at + 1], k: rows[at - 1] }[key]?.querySelector("a")
  const named = key && `[data-key~="${CSS.escape(key)}"]` // in the row that one is on, before elsewhere
  const control = next ?? (named && (rows[at]?.querySelector(named) ?? document.querySelector(named)))
  if (!control) return
  event.preventDefault()
  if (next || control.matches("input")) control.focus()
  else control.click()
})

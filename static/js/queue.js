// Writes wait here, in order, until they are answered.
import { counted, find, quote, work } from "newsdesk/page"

const KEPT = `newsdesk ${work.dataset.user} ${work.dataset.annotationsUrl}`
const LONGEST_WAIT = 30_000 // ms
const queue = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")
const { title } = document
const signIn = find("#sign-in")
let isBusy, timer
let wait = 0 // ms until the next try; 0 while all is well

// A UUIDv7: a repeated request is known by it.
export function newId() {
  const time = `0${Date.now().toString(16)}`
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`
}

export const pending = () => queue.map(({ fields }) => fields).filter(({ start }) => start >= 0)

function show() {
  const count = queue.length
  document.title = count ? `(${count}) ${title}` : title
  const late = navigator.onLine ? `${count} unsaved, retrying` : `Offline: ${count} kept in this browser tab`
  find("#kept").textContent = counted(queue, pending().length === count ? "annotation" : "change")
  find("#saved").textContent = wait ? late : count ? "Saving…" : `Saved ${new Date().toTimeString().slice(0, 8)}`
}

function changed() {
  sessionStorage.setItem(KEPT, JSON.stringify(queue))
  document.dispatchEvent(new Event("queue"))
}

export function add(url, fields) {
  fields.id ?? (fields.request = newId())
  queue.push({ url, fields })
  changed()
  setTimeout(show, 400)
  send()
}

async function post({ url, fields }) {
  const body = new URLSearchParams(fields)
  // The text and the newest version are filled in only now.
  if (fields.start >= 0) body.set("quote", quote(fields))
  const note = find(`#a-${url.match(/[\da-f-]{36}/g).at(-1)}`)
  if (note) body.set("version", Math.max(note.dataset.version, fields.version ?? 0))
  const csrf = JSON.parse(document.body.getAttribute("hx-headers"))
  const headers = { "HX-Request": "true", "HX-Target": find("#details > *")?.id ?? "", ...csrf }
  const reply = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(LONGEST_WAIT) })
  return [reply.redirected ? 401 : reply.status, await reply.text()]
}

async function send() {
  if (isBusy || !queue[0]) return
  isBusy = true
  clearTimeout(timer)
  const [status, text] = await post(queue[0]).catch(() => [503])
  isBusy = false
  if (status === 401 && !signIn.open) signIn.showModal()
  if (status === 401 || status === 429 || status >= 500) {
    wait = Math.min(wait * 2 || 1000, LONGEST_WAIT)
    timer = setTimeout(send, wait)
    return show()
  }
  wait = 0
  queue.shift()
  if (text.includes("hx-swap-oob")) htmx.swap(document.body, text, { swapStyle: "none" })
  else if (status >= 400) find("#alert").textContent = `Not saved (${status}).`
  changed()
  queue[0] ? send() : show()
}

for (const event of ["online", "offline", "focus"]) addEventListener(event, send)
addEventListener("beforeunload", (event) => {
  if (queue[0] && !signIn.open) event.preventDefault()
})
send()

// No work is lost: each write waits here, in order, until the server has answered it. The queue outlives
// a reload, a dropped connection and an ended session. It holds none of the article's text.
import { quote, work } from "newsdesk/page"

const { user, annotationsUrl } = work.dataset
const KEPT = `newsdesk ${user} ${annotationsUrl}`
const LONGEST_WAIT = 30_000 // ms
const queue = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")
const { title } = document
const signIn = document.querySelector("#sign-in")
let busy, timer
let wait = 0 // ms until the next try; 0 while all is well

/** A UUIDv7: a repeated request is recognised by it. */
export function newId() {
  const time = Date.now().toString(16).padStart(12, "0")
  const form = `${time.slice(0, 8)}-${time.slice(8)}-7xxx-8xxx-xxxxxxxxxxxx`
  return form.replace(/x/g, () => (crypto.getRandomValues(new Uint8Array(1))[0] % 16).toString(16))
}

/** What the queue says of annotations: id → label, start, end, as far as they will change. */
export const pending = () =>
  queue.reduce((known, { url, fields }) => {
    const { id = url.split("/").at(-2), label, start, end } = fields
    if (start) known[id] = { ...known[id], start, end }
    if (label) known[id] = { ...known[id], label }
    return known
  }, {})

function show() {
  const count = queue.length
  document.title = count ? `(${count}) ${title}` : title
  document.querySelector("#saved").textContent = !count
    ? `Saved ${new Date().toTimeString().slice(0, 8)}`
    : !navigator.onLine
      ? `Offline: ${count} kept in this browser tab`
      : wait
        ? `${count} unsaved, retrying`
        : "Saving…"
}

function changed() {
  sessionStorage.setItem(KEPT, JSON.stringify(queue))
  work.dispatchEvent(new Event("queue"))
}

/** Send `fields` to `url` after all that was added before. */
export function add(url, fields) {
  queue.push({ url, fields })
  changed()
  drain()
}

/** The fields as they must be when they are sent: with the text they mark and the newest version known here. */
function complete(url, fields) {
  const { start, end } = fields
  const version = document.getElementById(`a-${url.split(annotationsUrl)[1]?.split("/")[0]}`)?.dataset.version
  const body = new URLSearchParams(fields)
  if (start) body.set("quote", quote({ start: +start, end: +end }))
  if (version) body.set("version", Math.max(version, fields.version ?? 0))
  return body
}

async function post({ url, fields }) {
  const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) }
  const signal = AbortSignal.timeout(LONGEST_WAIT)
  const reply = await fetch(url, { method: "POST", body: complete(url, fields), headers, signal })
  return [reply.redirected ? 401 : reply.status, await reply.text()]
}

async function drain() {
  if (busy) return
  busy = true
  clearTimeout(timer)
  const slow = setTimeout(show, 400)
  while (queue.length) {
    const [status, text] = await post(queue[0]).catch(() => [0])
    if (status === 401 && !signIn.open) signIn.showModal()
    if (!status || status === 401 || status === 429 || status >= 500) {
      wait = Math.min(wait * 2 || 1000, LONGEST_WAIT)
      timer = setTimeout(drain, wait)
      break
    }
    wait = 0
    queue.shift()
    if (text.includes("hx-swap-oob")) htmx.swap(document.body, text, { swapStyle: "none" })
    else if (status >= 400) document.querySelector("#alert").textContent = `Not saved: the server said ${status}.`
    changed()
  }
  clearTimeout(slow)
  busy = false
  show()
}

const retry = () => queue.length && drain()
addEventListener("online", retry)
addEventListener("offline", () => queue.length && show())
document.addEventListener("visibilitychange", retry)
addEventListener("beforeunload", (event) => {
  // Whoever goes to sign in comes back to this tab, where the work is kept.
  if (queue.length && !signIn.open) event.preventDefault()
})
retry()

// Keeps a part of the page as on the server: `data-live` streams that it changed, `data-live-url`
// is the part alone. Without a stream it is asked for now and then.
const POLL = 30_000 // ms
const REST = 3_000 // ms between two requests
const part = () => document.querySelector("[data-live-url]")
const etags = {}
let source, poll, timer
let rested = 0

const kind = (node) => node?.id || node?.nodeName

// Changes only what differs, so focus and ticks stay.
function renew(old, fresh) {
  if (old.isEqualNode(fresh)) return
  old.nodeValue = fresh.nodeValue
  for (const { name } of [...(old.attributes ?? [])]) old.removeAttribute(name)
  for (const { name, value } of fresh.attributes ?? []) old.setAttribute(name, value)
  const gone = new Set(old.childNodes)
  let at = old.firstChild
  for (const node of [...fresh.childNodes]) {
    let same = at
    while (node.id && same && same.id !== node.id) same = same.nextSibling
    if (kind(same) === kind(node)) {
      gone.delete(same)
      at = same.nextSibling
      renew(same, node)
    } else old.insertBefore(node, at)
  }
  for (const node of gone) node.remove()
}

async function refresh() {
  timer = undefined
  rested = Date.now() + REST
  const { liveUrl } = part().dataset
  const headers = { "HX-Request": "true", "If-None-Match": etags[liveUrl] ?? "" }
  const reply = await fetch(liveUrl, { headers }).catch(() => ({}))
  if (reply.status === 401) stop()
  if (reply.status !== 200) return
  const page = new DOMParser().parseFromString(await reply.text(), "text/html")
  if (part().dataset.liveUrl !== liveUrl) return
  etags[liveUrl] = reply.headers.get("ETag")
  renew(part(), page.querySelector("[data-live-url]"))
  htmx.process(part())
}

const soon = () => (timer ??= setTimeout(refresh, rested - Date.now()))

function stop() {
  source?.close()
  clearTimeout(poll)
}

function ask() {
  stop()
  poll = setTimeout(() => (soon(), begin()), POLL)
}

function listen() {
  let failures = 0
  source = new EventSource(part().dataset.live)
  for (const news of ["open", "changed"]) source.addEventListener(news, soon)
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED || ++failures > 3) ask()
  }
}

// A hidden tab needs no stream, and a browser has few connections to a host.
function begin() {
  stop()
  if (!document.hidden) window.EventSource ? listen() : ask()
}

document.addEventListener("visibilitychange", () => {
  begin()
  if (!document.hidden) soon()
})
begin()

// Keeps a part of the page as on the server: `data-live` streams that it changed, `data-live-url`
// is the part alone, `data-live-rest` how many ms two requests are apart at least. Without a stream it
// is asked for after ten times that. A part without `data-live` stays as it is.
const part = () => document.querySelector("[data-live-url]")
const etags = {}
let source, poll, timer
let rested = 0

const rest = () => Number(part().dataset.liveRest ?? 3_000)
const kind = (node) => node?.id || node?.nodeName

// Changes only what differs, so focus and ticks stay.
function renew(old, fresh) {
  if (old.isEqualNode(fresh)) return
  old.nodeValue = fresh.nodeValue
  for (const { name } of [...(old.attributes ?? [])]) if (name !== "open") old.removeAttribute(name)
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
  rested = Date.now() + rest()
  const { live, liveUrl } = part().dataset
  const headers = { "HX-Request": "true", "If-None-Match": etags[liveUrl] ?? "" }
  const reply = await fetch(liveUrl, { headers }).catch(() => ({}))
  if (reply.status === 401) stop()
  if (reply.status !== 200) return
  if (reply.headers.has("HX-Refresh")) return location.reload()
  const page = new DOMParser().parseFromString(await reply.text(), "text/html")
  if (part().dataset.liveUrl !== liveUrl) return
  etags[liveUrl] = reply.headers.get("ETag")
  const { id } = document.activeElement
  renew(part(), page.querySelector("[data-live-url]"))
  htmx.process(part())
  if (id && document.activeElement === document.body) document.getElementById(id)?.focus()
  const said = page.getElementById("status")
  if (said) document.getElementById("status").textContent = said.textContent
  if (part().dataset.live !== live) begin()
}

const soon = () => (timer ??= setTimeout(refresh, rested - Date.now()))

function stop() {
  source?.close()
  clearTimeout(poll)
}

function ask() {
  stop()
  poll = setTimeout(() => (soon(), begin()), 10 * rest())
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
  if (!document.hidden && part()?.dataset.live) window.EventSource ? listen() : ask()
}

document.addEventListener("visibilitychange", () => {
  begin()
  if (!document.hidden && part()?.dataset.live) soon()
})
begin()

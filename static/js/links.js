// Link mode: from a quote to its source. The candidates are on the page; the nearest comes first.
import { say } from "newsdesk/announce"
import { choose, known, light, notes } from "newsdesk/annotations"
import { article } from "newsdesk/page"

let ends = [] // the candidates' notes; none outside link mode
let at = 0

/** Begin a link from annotation `id`; whether there is anything to link it to. */
export function startLink(id) {
  const { label, start } = known(id)
  const { to = "" } = document.querySelector(`.label[data-label="${label}"]`).dataset
  const away = ({ dataset }) => Math.abs(dataset.start - start)
  ends = notes().filter(({ dataset }) => to.split(" ").includes(dataset.label)).sort((a, b) => away(a) - away(b))
  offer(0)
  return ends.length
}

/** Offer the next candidate, `by` places on. */
export function offer(by) {
  at = by && (at + by + ends.length) % ends.length
  const end = ends[at]
  article.classList.toggle("linking", Boolean(end))
  light("lit", end?.dataset.annotation)
  if (!end) return
  document.querySelector("mark.lit")?.scrollIntoView({ block: "nearest" })
  say(`Link to ${end.dataset.say}, ${at + 1} of ${ends.length}. Enter links, Escape leaves.`)
}

/** The candidate on offer, if link mode is on. */
export const offered = () => ends[at]?.dataset.annotation
export const isCandidate = (id) => ends.some(({ dataset }) => dataset.annotation === id)

export function endLink() {
  ends = []
  offer(0)
}

const LEVELS = ["off", "selections", "words"]

/** Tell a screen reader `text`, unless it is of a kind this person does not want; the last one wins. */
export function say(text, kind = "off") {
  if (LEVELS.indexOf(kind) > LEVELS.indexOf(document.documentElement.dataset.speech)) return
  const region = document.querySelector("#say")
  region.textContent = region.textContent === text ? `${text}\u00a0` : text // the same twice is said twice
}

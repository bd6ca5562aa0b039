// The CSS Custom Highlight API for browsers without it: boxes drawn where the words stand.

const drawn = new Map()

function draw(name) {
  for (const old of document.querySelectorAll(`.drawn.${name}`)) old.remove()
  for (const range of drawn.get(name))
    for (const { left, top, width, height } of range.getClientRects()) {
      const box = document.createElement("span")
      box.className = `drawn ${name}`
      const place = { left: left + scrollX, top: top + scrollY, width, height }
      for (const [side, pixels] of Object.entries(place)) box.style[side] = `${pixels}px`
      document.body.append(box)
    }
}

globalThis.Highlight = class extends Set {
  constructor(...ranges) {
    super(ranges)
  }
}

CSS.highlights = {
  get: (name) => drawn.get(name),
  set(name, highlight) {
    drawn.set(name, highlight)
    draw(name)
  },
}

// Whatever changes the height of the article moves words away from under their boxes.
const redraw = new ResizeObserver(() => [...drawn.keys()].forEach(draw))
redraw.observe(document.querySelector("#article"))

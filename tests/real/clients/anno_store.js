// Usage: node anno_store.js HOME TOKEN CONTAINER TEXT
// Works through @kba/anno-store-http as its own users do, and prints what it was told.
// The client knows no ETags: whoever changes or deletes with it says that any state will do.
const Store = require("@kba/anno-store-http")

const [home, token, container, text] = process.argv.slice(2)
const store = new Store({
  BASE_URL: home,
  BASE_PATH: `w3c/${container}`,
  HTTP_HEADERS: JSON.stringify({ Authorization: `Bearer ${token}`, "If-Match": "*" }),
}).promisify()

async function refusal(promise) {
  try {
    await promise
  } catch (error) {
    return error.code
  }
}

async function main() {
  await store.init()
  const target = { source: text, selector: { type: "TextQuoteSelector", exact: "Zoë Hart" } }
  const tag = (value) => ({ type: "TextualBody", purpose: "tagging", value })
  const mine = await store.create({ type: "Annotation", body: tag("source"), target })
  const page = await store.create({ type: "Annotation", target: "http://elsewhere.example/" })
  const read = await store.get(mine.id)
  const revised = await store.revise(mine.id, { ...read, body: tag("claim") })
  const byName = await store.get(page.id.split("/").pop())
  const listed = await store.search()
  await store.delete(page.id)
  const gone = await refusal(store.get(page.id))
  const nowhere = await refusal(store.get("nowhere"))
  const left = await store.search()
  console.log(
    JSON.stringify({
      mine: mine.id,
      exact: read.target.selector[1].exact,
      revised: revised.body[1].value,
      kept: byName.target,
      listed: listed.length,
      gone,
      nowhere,
      left: left.map((one) => one.id),
    }),
  )
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})

// [Copy] buttons: the text of the element that `data-copy` names. Without a clipboard they stay hidden.
const copy = async (name) => {
  const text = document.getElementById(name)
  const isCopied = await navigator.clipboard.writeText(text.textContent).then(() => true, () => false)
  if (!isCopied) getSelection().selectAllChildren(text)
  document.getElementById("status").textContent = isCopied ? "Copied." : "Not copied; it is selected for you."
}

const show = () => {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard
}

show()
document.addEventListener("htmx:afterSettle", show) // some come with a part of the page
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy]")
  if (button) copy(button.dataset.copy)
})

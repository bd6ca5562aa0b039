// [Copy] buttons: the text of the element that `data-copy` names. Without a clipboard they stay hidden.
for (const button of document.querySelectorAll("[data-copy]")) {
  const copy = async () => {
    const text = document.getElementById(button.dataset.copy)
    const isCopied = await navigator.clipboard.writeText(text.textContent).then(() => true, () => false)
    if (!isCopied) getSelection().selectAllChildren(text)
    document.getElementById("status").textContent = isCopied ? "Copied." : "Not copied; it is selected for you."
  }
  button.hidden = !navigator.clipboard
  button.addEventListener("click", copy)
}

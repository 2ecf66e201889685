// Small helps on every page: copy buttons, and the name of the modifier key.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const words = button.querySelector("[data-copy-words]");
  const before = (words.dataset.before ??= words.textContent);
  const copied = await copy(source);
  words.textContent = copied ? "Copied" : "Press Ctrl C";
  document.querySelector("#live-words").textContent = words.textContent;
  setTimeout(() => (words.textContent = before), 2000);
});

/** Without a secure context there is no clipboard object; the old way may work. */
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}

if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const key of document.querySelectorAll("[data-mod-key]")) key.textContent = "⌘";
}

// A draft goes once the server has taken what was sent. Last, for the browser may have no storage.
if (document.querySelector("[data-flash=success]")) delete localStorage[sessionStorage.sentDraft];
delete sessionStorage.sentDraft;

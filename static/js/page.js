// Small helps on every page: copy buttons, the name of the modifier key, the account popover.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const words = button.querySelector("[data-copy-words]");
  const before = (words.dataset.before ??= words.textContent);
  const copied = await copy(source);
  words.textContent = copied ? "Copied" : "Press Ctrl C";
  speak(words.textContent);
  setTimeout(() => (words.textContent = before), 2000);
});

/** Without a secure context there is no clipboard: then the text is at least selected. */
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return document.execCommand("copy");
  }
}

function speak(words) {
  document.querySelector("#live-words").textContent = words;
}

if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const key of document.querySelectorAll("[data-mod-key]")) key.textContent = "⌘";
}

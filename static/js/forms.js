// Forms are plain POSTs: sent once, by Ctrl/⌘-Enter too, never with an empty prompt.

const EMPTY = "Write a prompt: what should the video show?";
const COUNT_FROM = 0.75; // the part of the limit from which on the counter shows

/** The server counts code points, not UTF-16 units. */
const length = (text) => [...text].length;
const number = (value) => value.toLocaleString("en");

function showError(field, words) {
  const error = document.getElementById(field.getAttribute("aria-describedby").split(" ")[0]);
  error.hidden = !words;
  error.querySelector("[data-error-text]").textContent = words;
  field.ariaInvalid = words ? "true" : null;
}

function promptError({ value, dataset }) {
  if (!value.trim()) return EMPTY;
  const [used, max] = [length(value), Number(dataset.promptMax)];
  return used > max ? `The prompt has ${number(used)} characters; at most ${number(max)} are accepted.` : "";
}

function count(prompt) {
  const counter = prompt.closest("form").querySelector("[data-counter]");
  if (!counter) return;
  const max = Number(prompt.dataset.promptMax);
  const used = prompt.value.length > max / 2 ? length(prompt.value) : 0;
  counter.hidden = used < max * COUNT_FROM;
  counter.textContent = `${number(used)} / ${number(max)}`;
  counter.toggleAttribute("data-over", used > max);
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-prompt-max]")) return;
  if (target.ariaInvalid && !promptError(target)) showError(target, "");
  count(target);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  if (!event.target.matches("[data-prompt-max]")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// In the capture phase: before anyone else acts on the submit.
document.addEventListener(
  "submit",
  (event) => {
    const prompt = event.target.querySelector("[data-prompt-max]");
    const words = prompt ? promptError(prompt) : "";
    if (!words) return;
    event.preventDefault();
    event.stopPropagation();
    showError(prompt, words);
    prompt.focus();
  },
  true,
);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-once]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  // Later, for a disabled button would not be part of what is sent.
  setTimeout(() => setDisabled(form, true));
});

// Back from the next page: the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once][data-sent]")) {
    delete form.dataset.sent;
    setDisabled(form, false);
  }
});

function setDisabled(form, disabled) {
  for (const button of form.querySelectorAll("[type=submit]")) button.disabled = disabled;
}

for (const prompt of document.querySelectorAll("[data-prompt-max]")) count(prompt);

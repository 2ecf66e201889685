// The composer: draft, examples, autofocus, and the sizes and lengths of the chosen model.

const KEPT = ["prompt", "model", "size", "seconds", "seed"];
const form = document.querySelector("[data-composer]");

if (form) {
  const { prompt } = form.elements;
  followModel(form);
  growWhereCssCannot(prompt);
  document.addEventListener("click", (event) => {
    const example = event.target.closest("[data-example]");
    if (!example || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    prompt.focus();
    fill(prompt, example.dataset.example);
  });
  const wrong = form.querySelector("[aria-invalid]");
  if (wrong) wrong.focus();
  else if (matchMedia("(hover: hover) and (width >= 56rem)").matches) prompt.focus({ preventScroll: true });
  keepDraft(form, prompt); // last, for the browser may have no storage
}

function fill(prompt, text) {
  prompt.value = text;
  prompt.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The recipe outlives tab and session. Once the server says that it took the video, page.js drops it. */
function keepDraft(form, prompt) {
  const name = `studio:recipe:${form.dataset.composer}`;
  const line = form.querySelector("[data-draft]");
  const fromServer = form.dataset.bound === "yes" || prompt.value;
  const draft = JSON.parse(localStorage[name] ?? "{}");
  if (draft.prompt && !fromServer) {
    restore(form, draft);
    line.hidden = false;
  }
  form.addEventListener("input", () => {
    localStorage[name] = JSON.stringify(Object.fromEntries(KEPT.map((field) => [field, form.elements[field].value])));
    line.hidden = true;
  });
  form.addEventListener("submit", () => (sessionStorage.sentDraft = name));
  line.querySelector("button").addEventListener("click", () => {
    fill(prompt, "");
    prompt.focus();
  });
}

function restore({ elements }, { prompt, model, ...rest }) {
  for (const option of elements.model.options ?? []) option.selected ||= option.value === model;
  for (const name in rest) elements[name].value = rest[name];
  elements.model.dispatchEvent(new Event("change")); // corrects what is no longer on offer
  fill(elements.prompt, prompt);
}

/** Offers only what the chosen model can do, and always has one size and one length chosen. */
function followModel(form) {
  const { model } = form.elements;
  const follow = () => {
    const { sizes, seconds } = model.selectedOptions?.[0].dataset ?? {};
    limit(form, "size", sizes);
    limit(form, "seconds", seconds);
  };
  model.addEventListener("change", follow);
  follow();
}

function limit(form, name, values) {
  const radios = [...form.querySelectorAll(`[name=${name}]`)];
  for (const radio of radios) radio.disabled = values ? !values.split(" ").includes(radio.value) : false;
  const allowed = radios.filter((radio) => !radio.disabled);
  if (allowed.some((radio) => radio.checked) || !allowed.length) return;
  allowed[0].checked = true;
  allowed[0].dispatchEvent(new Event("change", { bubbles: true }));
}

function growWhereCssCannot(prompt) {
  if (CSS.supports("field-sizing", "content")) return;
  const grow = () => {
    prompt.style.blockSize = "auto";
    prompt.style.blockSize = `${prompt.scrollHeight}px`;
  };
  prompt.addEventListener("input", grow);
  grow();
}

// The composer: draft, examples, autofocus, and the sizes and lengths of the chosen model.

const form = document.querySelector("[data-composer]");

if (form) {
  const prompt = form.elements.namedItem("prompt");
  keepDraft(form, prompt);
  followModel(form);
  growWhereCssCannot(prompt);
  document.addEventListener("click", (event) => {
    const example = event.target.closest("[data-example]");
    if (!example || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    fill(prompt, example.dataset.example);
  });
  const wrong = form.querySelector("[aria-invalid]");
  if (wrong) wrong.focus();
  else if (matchMedia("(hover: hover) and (width >= 56rem)").matches) prompt.focus({ preventScroll: true });
}

function fill(prompt, text) {
  prompt.focus();
  prompt.value = text;
  prompt.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The prompt outlives a closed tab. It goes when the server says that the video was taken. */
function keepDraft(form, prompt) {
  const name = `studio:draft:${form.dataset.composer}`;
  const line = form.querySelector("[data-draft]");
  forgetIfTaken(name);
  const fromServer = form.dataset.bound === "yes" || prompt.value;
  const draft = read(name);
  if (draft && !fromServer) {
    fill(prompt, draft);
    line.hidden = false;
  }
  prompt.addEventListener("input", () => {
    write(name, prompt.value);
    line.hidden = true;
  });
  form.querySelector("[data-draft-clear]").addEventListener("click", () => fill(prompt, ""));
}

function forgetIfTaken(name) {
  if (document.querySelector("[data-flash=success]")) write(name, "");
}

function read(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function write(name, text) {
  try {
    if (text) localStorage.setItem(name, text);
    else localStorage.removeItem(name);
  } catch {
    // Storage may be switched off; then there is no draft.
  }
}

/** With several models, offer only what the chosen one can do. */
function followModel(form) {
  const model = form.elements.namedItem("model");
  if (model.tagName !== "SELECT") return;
  const follow = () => {
    const { sizes, seconds } = model.selectedOptions[0].dataset;
    limit(form, "size", sizes.split(" "));
    limit(form, "seconds", seconds.split(" "));
  };
  model.addEventListener("change", follow);
  follow();
}

function limit(form, name, values) {
  const radios = [...form.querySelectorAll(`[name=${name}]`)];
  for (const radio of radios) radio.disabled = !values.includes(radio.value);
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

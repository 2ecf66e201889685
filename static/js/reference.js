// Fits the picked reference image to the chosen size: centre crop, then resize to the exact pixels.

const box = document.querySelector("[data-reference]");
if (box) fitter(box, box.closest("form"));

function fitter(box, form) {
  const input = box.querySelector("[type=file]");
  const bytesMax = Number(box.dataset.bytesMax);
  const part = (name) => box.querySelector(`[data-${name}]`);
  const error = document.getElementById("reference-error");
  let original = null; // what was picked; every size is cut from it anew
  let cutting = null; // the newest cut, while it is under way
  let waiting = null; // the submitter of a submit that came meanwhile

  input.addEventListener("change", () => pick(input.files[0]));
  form.addEventListener("change", ({ target }) => target.name === "size" && original && refit());
  part("preview-remove").addEventListener("click", () => {
    pick(null);
    input.focus();
  });
  form.addEventListener("submit", holdBack);
  document.addEventListener("paste", (event) => take(event, event.clipboardData));
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    part("drop").toggleAttribute("data-over", true);
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) part("drop").removeAttribute("data-over");
  });
  form.addEventListener("drop", (event) => {
    part("drop").removeAttribute("data-over");
    take(event, event.dataTransfer);
  });
  // After "back" the file may still be there.
  addEventListener("pageshow", () => input.files.length && !original && pick(input.files[0]));

  function take(event, { files }) {
    if (!files.length) return;
    event.preventDefault();
    pick([...files].find((file) => file.type.startsWith("image/")) ?? files[0]);
  }

  function pick(file) {
    original = file ?? null;
    part("choose-again")?.remove();
    refit();
  }

  async function refit() {
    say("");
    if (!original) return put((cutting = null));
    const size = form.querySelector("[name=size]:checked").value.split("x").map(Number);
    const task = (cutting = cutToSize(original, size));
    const cut = await task.catch(() => null);
    if (cutting !== task) return; // chosen anew meanwhile
    cutting = null;
    if (!cut) refuse("This file is not an image that the browser can read.");
    else if (cut.size > bytesMax) refuse("The cut image is larger than 20 MiB. Choose a simpler one.");
    else show(cut, size);
    if (waiting && original) form.requestSubmit(waiting[0]);
    waiting = null;
  }

  function refuse(words) {
    original = null;
    put(null);
    say(words);
  }

  function put(file) {
    const transfer = new DataTransfer();
    if (file) transfer.items.add(file);
    input.files = transfer.files;
    if (!file) part("preview").hidden = true;
  }

  function show(cut, [width, height]) {
    put(cut);
    const image = part("preview-image");
    URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(cut);
    part("preview-words").textContent = `${cut === original ? "used as it is," : "cropped to"} ${width} × ${height}`;
    part("preview").hidden = false;
  }

  function say(words) {
    error.hidden = !words;
    error.querySelector("[data-error-text]").textContent = words;
    input.ariaInvalid = words ? "true" : null;
  }

  function holdBack(event) {
    if (!cutting) return;
    event.preventDefault();
    waiting = [event.submitter];
  }
}

/** The file itself if it already fits, else a PNG of a PNG and a JPEG of anything else. */
async function cutToSize(file, [width, height]) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const keeps = file.type === "image/png" || file.type === "image/jpeg";
  if (keeps && image.width === width && image.height === height) return file;
  const scale = Math.min(image.width / width, image.height / height);
  const [cutWidth, cutHeight] = [width * scale, height * scale];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  const [left, top] = [(image.width - cutWidth) / 2, (image.height - cutHeight) / 2];
  context.drawImage(image, left, top, cutWidth, cutHeight, 0, 0, width, height);
  image.close();
  const type = file.type === "image/png" ? "image/png" : "image/jpeg";
  const blob = await new Promise((done) => canvas.toBlob(done, type, 0.92));
  return new File([blob], `reference.${type.slice(6)}`, { type });
}

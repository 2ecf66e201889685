// Keeps the unfinished videos of a page fresh: asks for all at once, swaps only what changed.

const FAST = 1500;
const SLOW = 10_000;
const SLOWER = 1.3; // each answer without news makes the next wait longer

const root = document.querySelector("[data-live-url]");
const etags = new Map();
let delay = FAST;
let timer = null;

const elements = (filter) => [...document.querySelectorAll(`[data-live]${filter}`)];
const unfinished = () => elements("[data-final=no]");

function start() {
  clearTimeout(timer);
  timer = null;
  if (root && !document.hidden && unfinished().length) timer = setTimeout(turn, delay);
}

async function turn() {
  try {
    const news = await Promise.all(groups().map(ask));
    delay = news.some(Boolean) ? FAST : Math.min(delay * SLOWER, SLOW);
  } catch {
    delay = SLOW; // server or network away: try again later
  }
  start();
}

/** One question for each kind of element: cards, stage. */
function groups() {
  const kinds = new Map();
  for (const { dataset } of unfinished()) {
    kinds.set(dataset.live, (kinds.get(dataset.live) ?? new Set()).add(dataset.video));
  }
  return [...kinds].map(([part, ids]) => ({ part, ids: [...ids] }));
}

/** @returns {Promise<boolean>} whether there was news */
async function ask({ part, ids }) {
  const address = `${root.dataset.liveUrl}?part=${part}&ids=${ids.join(",")}`;
  const headers = etags.has(address) ? { "If-None-Match": etags.get(address) } : {};
  const answer = await fetch(address, { headers, cache: "no-store", redirect: "manual" });
  if (answer.status === 304) return false;
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  etags.set(address, answer.headers.get("ETag"));
  const { videos } = await answer.json();
  let news = false;
  for (const id of ids) {
    for (const element of elements(`[data-live=${part}][data-video="${CSS.escape(id)}"]`)) {
      news = update(element, videos[id]) || news;
    }
  }
  return news;
}

function update(element, video) {
  if (!video) return remove(element);
  const { status, progress } = element.dataset;
  if (status === video.status && Number(progress) === video.progress) {
    swap(element, video.html); // the words may differ all the same: "Finishing", "On hold"
    return false;
  }
  speak(element, video);
  swap(element, video.html);
  if (video.final && (element.dataset.live === "stage" || "whole" in root.dataset)) refresh();
  return true;
}

/** Deleted, or hidden: a card goes, a page of its own says so itself. */
function remove(element) {
  if (element.dataset.live === "stage") location.reload();
  else (element.closest("li") ?? element).remove();
  return true;
}

/** Start, half and end are spoken; nobody wants to hear every percent. */
function speak(element, { status, progress, final }) {
  const before = Number(element.dataset.progress);
  const name = (element.querySelector(".card-prompt") ?? document.querySelector("h1")).textContent.trim().slice(0, 60);
  let words = "";
  if (final) words = status === "completed" ? "is ready" : "failed";
  else if (before < 50 && progress >= 50) words = "is half done";
  else if (element.dataset.status === "queued" && status !== "queued") words = "is rendering";
  if (words) document.querySelector("#live-words").textContent = `“${name}” ${words}.`;
}

function swap(element, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  morph(element, document.adoptNode(fresh));
}

/** Turns `from` into `to` with few new nodes, so focus and transitions live on. */
function morph(from, to) {
  if (from.nodeName !== to.nodeName) return from.replaceWith(to);
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  const [olds, news] = [[...from.childNodes], [...to.childNodes]];
  news.forEach((child, place) => (place < olds.length ? morph(olds[place], child) : from.append(child)));
  for (const child of olds.slice(news.length)) child.remove();
}

/** The parts around a stage that has come to its end, unless somebody types in them. */
async function refresh() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-refresh]")) {
    const typed = [...old.querySelectorAll("textarea")].some((field) => field.value);
    const fresh = page.getElementById(old.id);
    if (fresh && !typed && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(fresh));
  }
  start();
}

document.addEventListener("visibilitychange", () => {
  delay = FAST;
  start();
});
addEventListener("pageshow", start);

// <hover-scrub>: shows the tiles of a spritesheet under the pointer, or by arrow keys while the card has focus.

const DELAY = 250;

/** Who asked for calm or for few bytes sees posters only. */
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches || navigator.connection?.saveData;

class HoverScrub extends HTMLElement {
  connectedCallback() {
    if (!this.dataset.sheet || this.link) return;
    this.link = this.closest("a") ?? this;
    this.frames = Number(this.dataset.frames);
    this.columns = Number(this.dataset.columns);
    this.tile = 0;
    this.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && this.arm());
    this.addEventListener("pointermove", (event) => this.follow(event));
    this.addEventListener("pointerleave", () => this.rest());
    this.link.addEventListener("focus", () => this.link.matches(":focus-visible") && this.arm());
    this.link.addEventListener("blur", () => this.rest());
    this.link.addEventListener("keydown", (event) => this.step(event));
  }

  arm() {
    if (still()) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), DELAY);
  }

  async wake() {
    this.sheet ??= load(this.dataset.sheet);
    const awake = (this.awake = Symbol("this hover"));
    if (!(await this.sheet) || this.awake !== awake) return; // a failed sheet is not asked for again
    this.build();
    this.show(this.tile);
    this.toggleAttribute("data-on", true);
  }

  rest() {
    clearTimeout(this.timer);
    this.awake = null;
    this.removeAttribute("data-on");
  }

  build() {
    if (this.picture) return;
    const { sheet, width, height } = this.dataset;
    const rows = Math.ceil(this.frames / this.columns);
    this.picture = document.createElement("span");
    this.picture.dataset.tiles = "";
    this.picture.style.aspectRatio = `${width} / ${height}`;
    this.picture.style.backgroundImage = `url("${sheet}")`;
    this.picture.style.backgroundSize = `${this.columns * 100}% ${rows * 100}%`;
    this.head = document.createElement("span");
    this.head.dataset.head = "";
    this.append(this.picture, this.head);
  }

  follow(event) {
    const { left, width } = this.getBoundingClientRect();
    this.tile = Math.floor(((event.clientX - left) / width) * this.frames);
    this.show(this.tile);
  }

  step(event) {
    if (event.key === "Escape") return this.rest();
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way || still()) return;
    event.preventDefault();
    if (!this.hasAttribute("data-on")) return this.wake();
    this.show(this.tile + way);
  }

  show(tile) {
    this.tile = Math.min(Math.max(tile, 0), this.frames - 1);
    if (!this.picture) return;
    const rows = Math.ceil(this.frames / this.columns);
    const share = (place, places) => `${places > 1 ? (place / (places - 1)) * 100 : 0}%`;
    const column = share(this.tile % this.columns, this.columns);
    this.picture.style.backgroundPosition = `${column} ${share(Math.floor(this.tile / this.columns), rows)}`;
    this.head.style.scale = `${(this.tile + 1) / this.frames} 1`;
  }
}

function load(address) {
  return new Promise((done) => {
    const image = new Image();
    image.onload = () => done(true);
    image.onerror = () => done(false);
    image.src = address;
  });
}

customElements.define("hover-scrub", HoverScrub);

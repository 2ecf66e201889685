// Shows of the reference only what matches; without script there is no box.

const box = document.querySelector("[data-filter-box]");
const input = document.querySelector("[data-filter]");
box.hidden = false;
input.addEventListener("input", () => {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const item of document.querySelectorAll("[data-filter-text]")) {
    const text = item.dataset.filterText.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
  }
  for (const group of document.querySelectorAll("[data-filter-group]")) {
    group.hidden = !group.querySelector("[data-filter-text]:not([hidden])");
  }
});

// On a phone the contents would push everything else out of sight.
const contents = document.querySelector(".reference-toc");
if (matchMedia("(width < 64rem)").matches) contents.open = false;

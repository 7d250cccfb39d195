// Selecting rows of a list: all on the page, a range with shift, all that match, and the count.
const boxes = (form) => [...document.querySelectorAll(`[data-select][form="${form.id}"]`)];
const heads = (form) => document.querySelectorAll(`[data-select-all][form="${form.id}"]`);

let last = null;

function count(form) {
  const all = boxes(form);
  const selected = all.filter((box) => box.checked);
  const matching = form.querySelector("[data-select-matching]");
  if (matching && selected.length < all.length) matching.checked = false;
  for (const head of heads(form)) {
    head.checked = selected.length > 0 && selected.length === all.length;
    head.indeterminate = selected.length > 0 && selected.length < all.length;
  }
  form.querySelector(".bulk-count").textContent = matching?.checked
    ? "All selected"
    : `${selected.length} selected`;
}

function selectAll(form, isSelected) {
  for (const box of boxes(form)) box.checked = isSelected;
}

function selectRange(form, box) {
  const all = boxes(form);
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (from < 0) return;
  for (const between of all.slice(from, to + 1)) between.checked = box.checked;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-select]")) return;
  if (event.shiftKey && last?.isConnected) selectRange(box.form, box);
  last = box;
  count(box.form);
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-select-all]")) selectAll(target.form, target.checked);
  else if (target.matches("[data-select-matching]"))
    target.checked && selectAll(target.form, true);
  else return;
  count(target.form);
});

document.addEventListener("reset", ({ target }) => {
  if (target.matches("[data-bulk]")) setTimeout(() => count(target));
});

// A list that refreshes itself keeps what is selected of it. It is put back in the same breath as
// the swap: what is selected while the page settles afterwards must not be taken back.
let kept = [];
let isAllMatching = false;
document.addEventListener("htmx:beforeSwap", () => {
  kept = [...document.querySelectorAll("[data-select]:checked")].map((box) => box.value);
  isAllMatching = document.querySelector("[data-select-matching]")?.checked ?? false;
});
document.addEventListener("htmx:afterSwap", () => {
  for (const form of document.querySelectorAll("[data-bulk]")) {
    for (const box of boxes(form)) box.checked = kept.includes(box.value);
    const matching = form.querySelector("[data-select-matching]");
    if (matching) matching.checked = isAllMatching;
    count(form);
  }
});

// What was ticked before this script was here counts too.
for (const head of document.querySelectorAll("[data-select-all]:checked"))
  head.dispatchEvent(new Event("change", { bubbles: true }));

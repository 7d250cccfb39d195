// Picking rows of a list: all on the page, a range with shift, and the count.
const boxes = (form) => [...document.querySelectorAll(`[data-pick][form="${form.id}"]`)];
const heads = (form) => document.querySelectorAll(`[data-pick-all][form="${form.id}"]`);

let last = null;

function count(form) {
  const all = boxes(form);
  const picked = all.filter((box) => box.checked);
  const matching = form.querySelector("[data-pick-matching]");
  if (matching && picked.length < all.length) matching.checked = false;
  for (const head of heads(form)) {
    head.checked = picked.length > 0 && picked.length === all.length;
    head.indeterminate = picked.length > 0 && picked.length < all.length;
  }
  form.querySelector(".bulk-count").textContent = matching?.checked
    ? "All picked"
    : `${picked.length} picked`;
}

function pickAll(form, isPicked) {
  for (const box of boxes(form)) box.checked = isPicked;
}

function pickRange(form, box) {
  const all = boxes(form);
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (from < 0) return;
  for (const between of all.slice(from, to + 1)) between.checked = box.checked;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-pick]")) return;
  if (event.shiftKey && last?.isConnected) pickRange(box.form, box);
  last = box;
  count(box.form);
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-pick-all]")) pickAll(target.form, target.checked);
  else if (target.matches("[data-pick-matching]")) target.checked && pickAll(target.form, true);
  else return;
  count(target.form);
});

document.addEventListener("reset", ({ target }) => {
  if (target.matches("[data-bulk]")) setTimeout(() => count(target));
});

// A list that refreshes itself keeps what is picked of it.
let kept = [];
document.addEventListener("htmx:beforeSwap", () => {
  kept = [...document.querySelectorAll("[data-pick]:checked")].map((box) => box.value);
});
document.addEventListener("htmx:afterSettle", () => {
  for (const form of document.querySelectorAll("[data-bulk]")) {
    for (const box of boxes(form)) box.checked = kept.includes(box.value);
    count(form);
  }
});

// What was ticked before this script was here.
for (const head of document.querySelectorAll("[data-pick-all]:checked"))
  pickAll(head.form, true);
for (const form of document.querySelectorAll("[data-bulk]")) count(form);

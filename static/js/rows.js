// The keyboard in a list: j and k, or the arrows, go from row to row; Enter opens, x selects,
// a slash searches. The row cursor is the focus itself, so that everybody hears where it is.
const FIELD = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

const list = () => document.querySelector(".list");
const rows = () => [...(list()?.querySelectorAll("tbody tr") ?? [])];
const current = () => document.activeElement?.closest(".list tbody tr");

function target(row) {
  const link = row.querySelector("th a, td a, td button");
  if (!link) row.tabIndex = -1;
  return link ?? row;
}

function go(step) {
  const all = rows();
  const at = all.indexOf(current());
  const next = all[at < 0 ? (step > 0 ? 0 : -1) : at + step];
  if (!next) return;
  const place = target(next);
  place.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function isFree(event) {
  const { target: element } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  return !element.matches(FIELD) && !document.querySelector("dialog:modal");
}

// Arrows scroll the page, unless a row has the focus already or nothing has.
const isArrowOurs = () => current() || document.activeElement === document.body;

document.addEventListener(
  "keydown",
  (event) => {
    if (!list() || !isFree(event)) return;
    const step = STEPS[event.key];
    if (step && (event.key.length === 1 || isArrowOurs())) {
      event.preventDefault();
      go(step);
    } else if (event.key === "x" && current()) {
      current().querySelector("[data-select]")?.click();
    } else if (event.key === "/" && current()) {
      event.preventDefault();
      event.stopPropagation(); // elsewhere a slash opens the command bar
      list().querySelector("[type=search]")?.focus();
    }
  },
  true,
);

// The heads of a table stay in view where it is not wider than its place.
function fit() {
  const place = document.querySelector(".list .scroll");
  if (place) list().classList.toggle("fits", place.scrollWidth <= place.clientWidth);
}

addEventListener("resize", fit);
document.addEventListener("htmx:afterSettle", fit);
fit();

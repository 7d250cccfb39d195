// A field that offers records for what is typed (WAI-ARIA 1.2: combobox with a list box). It
// keeps what is typed: only a choice, or the name of what is offered, is replaced by its code.
import { create } from "./combobox/creating.js";
import { close, listOf, open, place } from "./combobox/listing.js";

const WAIT = 120; // milliseconds after the last key

const isCombobox = (element) => element?.matches?.("input[data-choices]");
const options = (input) => listOf(input).options();
const active = (input) => listOf(input).active();
const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();

let timer = 0;
let asked = 0; // only what was asked for last is shown

async function ask(input) {
  const number = ++asked;
  const term = input.value;
  const address = new URL(input.dataset.choices, location.href);
  address.searchParams.set("q", term);
  let answer;
  try {
    answer = await fetch(address, { headers: { "HX-Request": "true" } });
  } catch {
    return; // without a connection nothing is offered, and a code can still be typed
  }
  if (!answer.ok || answer.redirected) return;
  const html = await answer.text();
  const isWanted = number === asked && input.value === term;
  if (isWanted && document.activeElement === input) open(input, html);
}

function askSoon(input, wait = WAIT) {
  clearTimeout(timer);
  asked += 1;
  timer = setTimeout(ask, wait, input);
}

function forget(input) {
  clearTimeout(timer);
  asked += 1;
  close(input);
}

// The name of what was chosen, for who does not know the codes by heart.
function name(input, text) {
  const field = input.closest(".field");
  if (!field || input.closest("[data-row]")) return;
  const shown = field.querySelector(".chosen") ?? document.createElement("output");
  shown.className = "hint chosen";
  shown.textContent = text;
  field.append(shown);
}

function choose(input, { value, name: shown }) {
  forget(input);
  input.value = value;
  name(input, shown);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function commit(input, option) {
  if (option.dataset.new) {
    forget(input);
    create(input, option.dataset.new, choose);
  } else if (option.dataset.value !== undefined) {
    choose(input, option.dataset);
  }
}

// What was typed may be a code or a name of what is offered.
function exact(input) {
  const fits = ({ dataset }) =>
    dataset.value !== undefined &&
    [dataset.value, dataset.name].some((x) => same(x, input.value));
  return options(input).find(fits);
}

// Take what is chosen or meant; tells whether it was one that the arrows have chosen.
function take(input) {
  const chosen = active(input);
  const option = chosen ?? exact(input);
  if (option) commit(input, option);
  else forget(input);
  return Boolean(chosen);
}

function onArrow(event, input) {
  const isOpen = options(input).length > 0;
  if (!isOpen && input.closest("[data-row]") && !event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  if (isOpen) listOf(input).move(event.key === "ArrowDown" ? 1 : -1);
  else askSoon(input, 0);
}

function onEscape(event, input) {
  if (!options(input).length) return;
  event.preventDefault();
  event.stopPropagation();
  forget(input);
}

function onKey(event) {
  const input = event.target;
  const isMine = isCombobox(input) && !event.defaultPrevented;
  if (!isMine || event.isComposing || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") onArrow(event, input);
  else if (event.key === "Escape") onEscape(event, input);
  else if (event.key === "Tab") take(input);
  else if (event.key === "Enter" && take(input)) {
    event.preventDefault();
    event.stopPropagation();
  }
}

// What a screen reader has to know, as soon as a hand is there.
function prepare(input) {
  if (input.role === "combobox") return;
  input.role = "combobox";
  input.ariaAutoComplete = "list";
  input.ariaExpanded = "false";
}

document.addEventListener("focusin", ({ target }) => isCombobox(target) && prepare(target));
document.addEventListener("focusout", ({ target }) => isCombobox(target) && forget(target));
document.addEventListener("input", ({ target }) => {
  if (!isCombobox(target)) return;
  listOf(target).choose(null);
  if (target.value.trim()) askSoon(target);
  else forget(target);
  target.closest(".field")?.querySelector(".chosen")?.replaceChildren();
});
document.addEventListener("keydown", onKey, true);

// A press in the list leaves the focus in the field; a finger that scrolls does not press.
const pressed = ({ target }) => target.closest?.(".combobox-list");
document.addEventListener("mousedown", (event) => pressed(event) && event.preventDefault());
document.addEventListener("click", (event) => {
  const option = pressed(event) && event.target.closest("[role=option]");
  if (option) commit(pressed(event).owner, option);
});
for (const moved of ["scroll", "resize"]) addEventListener(moved, place, true);

for (const input of document.querySelectorAll("input[data-shown]"))
  name(input, input.dataset.shown);
if (isCombobox(document.activeElement)) prepare(document.activeElement);

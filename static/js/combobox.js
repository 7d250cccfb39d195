// A field that offers records for what is typed (WAI-ARIA 1.2: combobox with a list box). It
// keeps what is typed: only a choice, or the name of what is offered, is replaced by its code.
import { create } from "./combobox/creating.js";
import { choicesFor, close, listOf, offered, open, place } from "./combobox/listing.js";

const WAIT = 120; // milliseconds after the last key

const isCombobox = (element) => element?.matches?.("input[data-choices]");
const options = (input) => listOf(input).options();
const active = (input) => listOf(input).active();
const same = (a, b) => a.trim().toLowerCase() === b.trim().toLowerCase();

let timer = 0;
let asked = 0; // only what was asked for last is shown
let awaiting = null; // the field whose list is not that of what stands in it now
const meant = new Map(); // fields that were left before that, with what they wait for
const doubted = new WeakSet(); // fields in which nothing was chosen

async function ask(input) {
  const number = ++asked;
  const term = input.value;
  const html = await choicesFor(input, term);
  const isWanted = number === asked && input.value === term;
  if (!isWanted || document.activeElement !== input) return;
  awaiting = null;
  if (html) open(input, html);
}

function askSoon(input, wait = WAIT) {
  clearTimeout(timer);
  asked += 1;
  awaiting = input;
  timer = setTimeout(ask, wait, input);
}

// Only of this field: a choice may come late, while the list of another one is on its way.
function forget(input) {
  if (awaiting === input) {
    clearTimeout(timer);
    asked += 1;
    awaiting = null;
  }
  close(input);
}

// The name of what was chosen, for who does not know the codes by heart; or what is to be asked.
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
  doubted.delete(input);
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

const records = (all) => all.filter(({ dataset }) => dataset.value !== undefined);

// What was typed may be a code of what is offered, or a name that only one of them has.
function exact(all, text) {
  const coded = records(all).find(({ dataset }) => same(dataset.value, text));
  const named = records(all).filter(({ dataset }) => same(dataset.name, text));
  return coded ?? (named.length === 1 ? named[0] : null);
}

// Who leaves a field hears that nothing is chosen in it, and is offered the same when they come
// back. In a line the server says so.
function doubt(input, all) {
  const [first, second] = records(all);
  if (!first || !input.value.trim()) return;
  const one = `Nothing is chosen yet. Is it ${first.dataset.name}?`;
  name(input, second ? "Nothing is chosen yet: several fit." : one);
  doubted.add(input);
}

// Who was quicker than the list gets what it would have offered, wherever the focus is by now.
async function takeLater(input) {
  const term = input.value;
  const html = await choicesFor(input, term);
  if (!input.isConnected || input.value !== term || html === null) return;
  const all = offered(html);
  const option = exact(all, term);
  if (!records(all).length) name(input, "Nothing matches.");
  else if (!option) doubt(input, all);
  else if (option.dataset.value === term) name(input, option.dataset.name);
  else choose(input, option.dataset);
}

function later(input) {
  const taken = takeLater(input).finally(() => {
    if (meant.get(input) === taken) meant.delete(input);
  });
  meant.set(input, taken);
}

// Take what is meant, if it is clear by now.
function leave(input) {
  const isEarly = awaiting === input;
  const all = options(input);
  const option = isEarly ? null : exact(all, input.value);
  if (option) return commit(input, option);
  forget(input);
  if (isEarly && input.value.trim()) later(input);
  else doubt(input, all);
}

// Take what is chosen or meant; tells whether it was one that the arrows have chosen.
function take(input) {
  const chosen = active(input);
  if (chosen) commit(input, chosen);
  else leave(input);
  return Boolean(chosen);
}

// What was left in a form before its list came; nothing, if all is settled.
export function unsettled(form) {
  const mine = [...meant].filter(([input]) => input.form === form);
  return mine.length ? Promise.allSettled(mine.map(([, taken]) => taken)) : null;
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
  if (!isMine || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "Enter") take(input); // it saves
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") onArrow(event, input);
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

document.addEventListener("focusin", ({ target }) => {
  if (!isCombobox(target)) return;
  prepare(target);
  if (doubted.has(target)) askSoon(target, 0);
});
document.addEventListener("focusout", ({ target }) => isCombobox(target) && leave(target));
document.addEventListener("input", ({ target }) => {
  if (!isCombobox(target)) return;
  listOf(target).choose(null);
  doubted.delete(target);
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

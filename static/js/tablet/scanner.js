// A wedge scanner types like a keyboard, only faster, and ends with Enter, Tab or a pause. What
// it reads goes out as the event `tablet:scan`; what a person types into a field is left alone.
const GAP = 100; // milliseconds between two keys that no hand keeps up for long
const SHORTEST = 3; // characters of a code
const SHORTEST_IN_FIELD = 6; // of one that ended in a field for something else
const QUICK = 40; // milliseconds for each of its keys there, on average
const BOUNCE = 150; // milliseconds in which the same code is the same reading
const GROUP = "\x1d"; // FNC1 of a GS1 code, which scanners type as Ctrl and ]

const wedge = document.querySelector("[data-wedge]");
const fresh = () => ({ code: "", began: 0, last: 0, field: null, before: "" });

let typed = fresh();
let timer = 0;
let previous = { code: "", at: -Infinity };

export function isField(element) {
  return Boolean(
    element?.matches?.("input:not([data-wedge]), textarea, select, [contenteditable]"),
  );
}

// Tell everybody of a code, once for each reading.
export function scanned(code, detail) {
  const at = performance.now();
  const isBounce = code === previous.code && at - previous.at < BOUNCE;
  previous = { code, at };
  if (isBounce) return;
  document.dispatchEvent(new CustomEvent("tablet:scan", { detail: { code, ...detail } }));
}

export function focusWedge() {
  if (!isField(document.activeElement)) wedge?.focus({ preventScroll: true });
}

function finish(suffix) {
  clearTimeout(timer);
  const { code, began, last } = typed;
  typed = fresh();
  if (code.length < SHORTEST) return false;
  scanned(code, { source: "scanner", suffix, milliseconds: Math.round(last - began) });
  return true;
}

function add(character, now) {
  if (!typed.code) typed.began = now;
  typed.code += character;
  typed.last = now;
  clearTimeout(timer);
  if (!typed.field) timer = setTimeout(finish, GAP + 20, "pause");
}

// In a field only a whole code, too quick for a hand, is a scan; the field gets back what it held.
function isScanInField() {
  const { code, began, last, field } = typed;
  if (field.matches("[data-scan-field]")) return code.length >= SHORTEST;
  return code.length >= SHORTEST_IN_FIELD && last - began < QUICK * code.length;
}

function endInField(event) {
  if (!typed.field || !isScanInField()) return;
  typed.field.value = typed.before;
  typed.field = null;
  if (finish(event.key)) event.preventDefault();
}

function onKey(event) {
  const key = event.ctrlKey && event.key === "]" ? GROUP : event.key;
  const isShortcut = (event.ctrlKey && key !== GROUP) || event.altKey || event.metaKey;
  if (isShortcut || event.isComposing || document.querySelector("dialog:modal")) return;
  if (event.timeStamp - typed.last > GAP) typed = fresh();
  const field = isField(event.target) ? event.target : null;
  if (key === "Enter" || key === "Tab") {
    if (field) endInField(event);
    else if (finish(key)) event.preventDefault(); // the button with the focus is not pressed
  } else if (key.length === 1) {
    if (!typed.code && field) Object.assign(typed, { field, before: field.value });
    add(key, event.timeStamp);
    if (!field) event.preventDefault();
  }
}

// Some tablets have no keys for what their scanner types, only text for whatever has the focus.
function onText({ timeStamp }) {
  const text = wedge.value;
  wedge.value = "";
  for (const character of text) {
    if (character === "\n" || character === "\t") finish("Enter");
    else add(character, timeStamp);
  }
}

export function listen() {
  document.addEventListener("keydown", onKey, true);
  wedge?.addEventListener("input", onText);
  document.addEventListener("tablet:shown", focusWedge);
  document.addEventListener("click", () => setTimeout(focusWedge));
  focusWedge();
}

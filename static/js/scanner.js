// A wedge scanner types like a keyboard, only faster. This is the one reader of it, for the desk
// and for tablets; each says by its options what is a code there. A code goes out as the event
// `opsroom:scan`, once for each reading; what a person types is left alone.
const BOUNCE = 150; // milliseconds in which the same code is the same reading
const GROUP = "\x1d"; // FNC1 of a GS1 code, which scanners type as Ctrl and ]
const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"];

let previous = { code: "", at: -Infinity };

export function isField(element) {
  return Boolean(
    element?.matches?.("input:not([data-wedge]), textarea, select, [contenteditable]"),
  );
}

// Tell everybody of a code; gives whether nobody has taken it (by `preventDefault`).
export function announce(code, detail) {
  const at = performance.now();
  const isBounce = code === previous.code && at - previous.at < BOUNCE;
  previous = { code, at };
  const scan = new CustomEvent("opsroom:scan", {
    detail: { code, ...detail },
    cancelable: true,
  });
  return !isBounce && document.dispatchEvent(scan);
}

const fresh = () => ({ code: "", began: 0, last: 0, field: null, before: "", replaces: false });

// Read the keys of this page. Times are in milliseconds:
//   shortest    characters of a code
//   gap         longest time between two keys of a code
//   pace        longest time for each key, on average
//   dedicated   what is typed is scanned: a code also ends with Tab or a pause, and outside of
//               fields no key reaches the page
//   inField     what is a code in a field: `(field, typed) => boolean`; without it none is
//   unclaimed   called with a code that nobody has taken
export function read({
  shortest,
  gap,
  pace,
  dedicated = false,
  inField,
  unclaimed = () => {},
}) {
  let typed = fresh();
  let timer = 0;

  function finish(suffix) {
    clearTimeout(timer);
    const { code, began, last, replaces } = typed;
    typed = fresh();
    if (code.length < shortest || last - began > pace * code.length) return false;
    const milliseconds = Math.round(last - began);
    if (announce(code, { source: "scanner", suffix, milliseconds, replaces })) unclaimed(code);
    return true;
  }

  function add(character, now) {
    if (!typed.code) typed.began = now;
    typed.code += character;
    typed.last = now;
    clearTimeout(timer);
    if (dedicated && !typed.field) timer = setTimeout(finish, gap + 20, "pause");
  }

  // The field gets back what it held before the code.
  function finishInField(suffix) {
    if (!typed.field || !inField(typed.field, typed)) return false;
    typed.field.value = typed.before;
    typed.field.dispatchEvent(new Event("input", { bubbles: true }));
    typed.field = null;
    return finish(suffix);
  }

  function end(event, field) {
    const isScan = field ? finishInField(event.key) : finish(event.key);
    if (isScan)
      event.preventDefault(); // the button with the focus is not pressed
    else typed = fresh();
  }

  function begin(field) {
    if (typed.code || !field) return;
    const { value: before, selectionStart, selectionEnd } = field;
    const replaces = before !== "" && selectionStart === 0 && selectionEnd === before.length;
    Object.assign(typed, { field, before, replaces });
  }

  function onKey(event) {
    const key = event.ctrlKey && event.key === "]" ? GROUP : event.key;
    const isShortcut = (event.ctrlKey && key !== GROUP) || event.altKey || event.metaKey;
    if (MODIFIERS.includes(key) || event.isComposing) return;
    if (isShortcut) {
      typed = fresh(); // what comes before a shortcut and after it was typed by hand
      return;
    }
    if (dedicated && document.querySelector("dialog:modal")) return;
    if (event.timeStamp - typed.last > gap) typed = fresh();
    const field = isField(event.target) ? event.target : null;
    if (typed.code && field !== typed.field) typed = fresh();
    if (field && !inField) {
      typed = fresh();
    } else if (key === "Enter" || (key === "Tab" && dedicated)) {
      end(event, field);
    } else if (key.length === 1) {
      begin(field);
      add(key, event.timeStamp);
      if (dedicated && !field) event.preventDefault();
    }
  }

  document.addEventListener("keydown", onKey, true);
  return { add, finish };
}

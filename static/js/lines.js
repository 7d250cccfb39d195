// Line editors: which keys, clicks and scans mean what. See `lines/editor.js`.
import { release } from "./lines/answers.js";
import { edit } from "./lines/editor.js";

const editors = new WeakMap(); // by form

// The editor of a form; what has the focus outside of any means the one on the page. A dialog
// stands before that.
function editorOf(element) {
  if (document.querySelector("dialog:modal")) return editors.get(element?.form);
  const form = element?.form ?? element?.closest?.("form");
  return editors.get(form ?? document.querySelector("[data-lines]")?.form);
}

const isLine = (input) => input.matches?.("input:not([type=checkbox], [type=radio])");

const COMMANDS = { Enter: (editor) => editor.save(), z: (editor) => editor.undo() };
const KEYS = {
  Enter: (editor) => editor.next(),
  ArrowDown: (editor, input) => editor.step(input, 1),
  ArrowUp: (editor, input) => editor.step(input, -1),
};

// What a key does, if it does anything; an undo without anything to undo is that of the field.
function deed(editor, { key, target, ctrlKey, metaKey, altKey, shiftKey }) {
  if (ctrlKey || metaKey) return key === "z" && !editor.isUndoable() ? null : COMMANDS[key];
  if (altKey || shiftKey || !isLine(target)) return null;
  return key === "Enter" || editor.row(target) ? KEYS[key] : null;
}

document.addEventListener("keydown", (event) => {
  const editor = editorOf(event.target);
  if (!editor || event.defaultPrevented || event.isComposing) return;
  const act = deed(editor, event);
  if (!act) return;
  event.preventDefault();
  act(editor, event.target);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[name=more], button[name=removed]");
  const editor = button && editors.get(button.form);
  if (!editor) return;
  event.preventDefault();
  if (button.name === "more") editor.next();
  else editor.remove(button);
});

document.addEventListener("input", ({ target }) => {
  const editor = editors.get(target.form);
  if (!editor) return;
  editor.typed();
  if (target.inputMode === "decimal") editor.changed();
});

document.addEventListener("change", ({ target }) => editors.get(target.form)?.ask());

// What the server has said of a field that has the focus is put there when the focus goes; in a
// field that has a number already the next key replaces it.
document.addEventListener(
  "focusout",
  ({ target }) => editors.has(target.form) && release(target),
);
document.addEventListener("focusin", ({ target }) => {
  if (target.inputMode === "decimal" && editors.get(target.form)?.row(target)) target.select();
});

document.addEventListener(
  "submit",
  (event) => {
    const editor = editors.get(event.target);
    if (!editor || editor.isReady()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    editor.save();
  },
  true,
);

document.addEventListener("opsroom:scan", (event) => {
  const editor = editorOf();
  if (!editor) return;
  event.preventDefault();
  editor.scan(event.detail);
});

function begin(root) {
  for (const fieldset of root.querySelectorAll("[data-lines]"))
    if (!editors.has(fieldset.form)) editors.set(fieldset.form, edit(fieldset));
}

begin(document);
document.addEventListener("htmx:load", ({ target }) => begin(target.parentElement ?? target));

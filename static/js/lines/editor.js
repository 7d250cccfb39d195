// The line editor: rows are made, filled and removed in the browser at once; the server completes
// them while one types on. Enter goes to the next line, Ctrl and Enter saves, arrows go up and
// down, a scan counts wherever the focus is.
import { unsettled } from "../combobox.js";
import { show } from "../messages.js";
import { tell as tellOfSession } from "../session.js";
import { apply, isSettled, release, settle } from "./answers.js";
import { questions } from "./questions.js";
import { field, inputsOf, isBlank, nameOf, rowsOf } from "./rows.js";
import { scans } from "./scans.js";

const SETTLES = 300; // milliseconds after the last key of a number
const SAVED_SOON = "Saved as soon as the lines are complete.";
const NOT_SAVED = "Nothing was saved yet: the lines are not complete.";

export function edit(fieldset) {
  const { form } = fieldset;
  const { code, quantity, complete } = fieldset.dataset;
  const said = fieldset.querySelector("[data-said]");
  const rows = rowsOf(fieldset);
  const scanned = scans(rows, quantity);
  const asking = questions(complete, form, { sent: rows.sent, answered, failed });
  let isSaving = false;
  let removed = []; // the last one first
  let isUndoable = false; // by Ctrl and Z, until something is typed
  let timer = 0;

  function say(text) {
    said.textContent = text;
  }

  function ask(wait = 0) {
    clearTimeout(timer);
    fieldset.ariaBusy = "true";
    if (wait) timer = setTimeout(asking.ask, wait);
    else asking.ask();
  }

  function answered(answer, sent) {
    if (fieldset.hasAttribute("data-failed")) say("");
    fieldset.removeAttribute("data-failed");
    const due = [...sent].filter(([number, before]) => {
      const row = rows.numbered(number);
      return row && answer.rows[number] && take(row, answer.rows[number], before);
    });
    fieldset.querySelector("[data-totals]").innerHTML = answer.totals;
    fieldset.querySelector("[data-legend]").textContent = answer.legend;
    rows.relabel();
    if (due.length) ask();
    else finish();
  }

  // A row whose code has changed meanwhile, or changes now, is not what the answer is about.
  // Tells whether the server has to be asked again.
  function take(row, told, before) {
    const input = rows.code(row);
    const isTyped = input === document.activeElement && !isSettled(row, [code]);
    if (input.value !== before[code] || (isTyped && !isSaving)) return false;
    const isUntouched = !before[quantity] && !field(row, quantity)?.value;
    apply(row, told, before, code);
    tell(row, told.problem);
    const about = { before: before[code], code: told.values[code], units: told.units };
    const became = scanned.resolve(row, { ...about, isUntouched });
    if (became === "merged") drop(row);
    return became !== "";
  }

  // Once, not with every answer.
  function tell(row, problem) {
    const { problem: before = "" } = row.dataset;
    if (problem !== before) say(problem && `${row.ariaLabel}: ${problem}`);
    row.dataset.problem = problem;
  }

  const isComplete = () => rows.all().every((row) => isBlank(row) || isSettled(row));

  function finish() {
    if (isSaving && !isComplete()) return ask();
    if (!asking.isSettled()) return;
    fieldset.ariaBusy = "false";
    if (isSaving) submit();
  }

  function failed(reason, state) {
    fieldset.dataset.failed = "";
    say(reason);
    if (isSaving && state) tellOfSession(state);
    else if (isSaving) show(`${NOT_SAVED} ${reason}`, { kind: "problem" });
    isSaving = false;
  }

  function submit() {
    isSaving = false;
    letGo();
    const button = form.querySelector(".submit");
    // htmx sends the button that has the focus along: one that removes a line would remove it.
    if (document.activeElement?.form === form && document.activeElement.matches("button"))
      button.focus({ preventScroll: true });
    form.requestSubmit(button);
  }

  function letGo() {
    for (const row of rows.all()) inputsOf(row).forEach(release);
  }

  // What is saved is what is shown: first the server completes what it has not seen.
  function save() {
    if (form.matches(".htmx-request, [data-left]")) return;
    const choosing = unsettled(form);
    if (choosing) {
      say(SAVED_SOON);
      return choosing.then(save);
    }
    if (isComplete() && asking.isSettled()) return submit();
    isSaving = true;
    say(SAVED_SOON);
    ask();
  }

  function go(row) {
    rows.code(row).focus();
  }

  // The row in which one was goes with the focus, for a field changes when it is left.
  function next() {
    go(rows.blank());
    rows.relabel();
  }

  function step(input, distance) {
    const row = rows.of(input);
    const all = rows.all();
    const other = all[all.indexOf(row) + distance];
    if (other) field(other, nameOf(input)).focus();
  }

  // Without a way back: the line goes into another one.
  function drop(row) {
    const hadFocus = row.contains(document.activeElement);
    rows.remove(row);
    if (hadFocus) go(rows.blank());
  }

  function remove(row) {
    const { nextElementSibling: below, previousElementSibling: above } = row;
    const wasBlank = isBlank(row);
    rows.remove(row);
    go((below?.isConnected && below) || above || rows.blank());
    if (wasBlank) return;
    removed.unshift(row);
    isUndoable = true;
    const undo = () => removed.includes(row) && restore(row);
    show(`${row.ariaLabel} removed.`, { undo });
    ask();
  }

  function restore(row) {
    removed = removed.filter((other) => other !== row);
    rows.restore(row);
    go(row);
    ask();
  }

  // A scan over what somebody was looking for, and has selected, takes its place.
  function scan({ code: text, replaces }) {
    const { activeElement } = document;
    const at = rows.of(activeElement);
    const isCode = at && activeElement === rows.code(at);
    if (isCode && replaces && !isSettled(at, [code])) activeElement.value = "";
    const row = scanned.scan(text);
    row.scrollIntoView({ block: "nearest" });
    if (!form.contains(activeElement) || isCode) next();
    ask();
  }

  for (const row of rows.all()) settle(row);
  rows.relabel();
  return {
    ask,
    changed: () => ask(SETTLES),
    isReady: () => isComplete() && asking.isSettled() && !unsettled(form),
    next,
    remove: (button) => remove(rows.of(button)),
    row: rows.of,
    save,
    scan,
    step,
    typed: () => {
      isUndoable = false;
    },
    undo: () => restore(removed[0]),
    isUndoable: () => isUndoable && removed.length > 0,
  };
}

// The grid of a forecast: which keys, clicks and pastes mean what. See model, view and queue.

import { clipboardOf } from "./clipboard.js";
import { editor } from "./editing.js";
import { DIGITS, exact, isOff, MEASURES, whyNot } from "./measure.js";
import {
  cellsOf,
  figureIn,
  figureOf,
  linesOf,
  modelOf,
  spreadOver,
  totalOf,
  unknownIn,
  written,
} from "./model.js";
import { read, round, write as told, writeMoney } from "./numbers.js";
import { panelOf } from "./panel.js";
import { queueOf } from "./queue.js";
import { viewOf } from "./view.js";

const UNDONE = 200; // changes that can be undone

const root = document.querySelector("[data-forecast]");
const grid = root.querySelector("[role=grid]");
const view = viewOf(root.querySelector(".forecast-scroll"), grid);
const byId = (name) => document.getElementById(`forecast-${name}`);
const state = byId("state");

let model = null;
let lines = [];
let active = { line: 0, column: 0 };
let anchor = active;
let message = "";
let offered = null; // what a field began with, where it is what the cell said
const undos = [];
const shown = remembered();

const queue = queueOf({
  cycle: root.dataset.cycle,
  url: root.dataset.save,
  answered: take,
  changed: tell,
});
const panel = panelOf(root, { words, decide });
const editing = editor({
  commit,
  leave: () => view.focus(),
  label: () => MEASURES[model.measure],
});
const clipboard = clipboardOf({
  shape: () => ({ model, lines, ...range() }),
  change,
  say,
});

// --- what is shown -------------------------------------------------------------------------

function remembered() {
  const usual = { group: "customer", beside: [], search: "" };
  try {
    return {
      ...usual,
      ...JSON.parse(localStorage.getItem("opsroom:forecast-view")),
      search: "",
    };
  } catch {
    return usual;
  }
}

function remember() {
  try {
    const { group, beside } = shown;
    localStorage.setItem("opsroom:forecast-view", JSON.stringify({ group, beside }));
  } catch {
    // it is as usual the next time
  }
}

function arrange() {
  grid.dataset.group = shown.group;
  lines = linesOf(model, shown);
  active = { ...active, line: Math.min(active.line, lines.length - 1) };
  anchor = active;
  view.show(lines);
  view.choose(active, range());
  tellCell();
}

function redraw() {
  model.stamp += 1; // sums are reckoned anew
  view.refresh();
}

function range() {
  return {
    first: Math.min(anchor.line, active.line),
    last: Math.max(anchor.line, active.line),
    left: Math.min(anchor.column, active.column),
    right: Math.max(anchor.column, active.column),
  };
}

function go(next, { keeps = false } = {}) {
  active = {
    line: Math.max(0, Math.min(lines.length - 1, next.line)),
    column: Math.max(0, Math.min(model.months.length, next.column)),
  };
  if (!keeps) anchor = active;
  view.choose(active, range());
  view.focus();
  tellCell();
}

function tellCell() {
  const line = lines[active.line];
  if (line) panel.tell(model, line, active.column);
}

function say(text) {
  message = text;
  tell();
}

const WHY = {
  "signed out": "You are signed out: sign in in another window.",
  "other person": "Somebody else has signed in here.",
};

function tell() {
  const waiting = queue.waiting.length;
  const conflicts = model?.rows.reduce(
    (all, row) => all + row.cells.filter((cell) => cell.state === "conflict").length,
    0,
  );
  const parts = message ? [message] : [];
  if (waiting > 0 && queue.why === "refused") parts.push(`${cells(waiting)} not saved.`);
  else if (waiting > 0 && queue.why)
    parts.push(`${WHY[queue.why] ?? "No connection."} ${cells(waiting)} kept here.`);
  else if (waiting > 0) parts.push("Saving…");
  else if (!message && undos.length > 0) parts.push("Saved.");
  if (conflicts > 0) parts.push(`${cells(conflicts)} changed by others, too: choose.`);
  state.textContent = parts.join(" ");
  const undo = document.querySelector("[data-do=undo]");
  if (undo) undo.disabled = undos.length === 0;
  if (queue.why) mark(queue.why === "refused" ? "refused" : "kept");
}

const cells = (number) =>
  number === 1 ? "1 cell is" : `${number.toLocaleString("en")} cells are`;

function mark(sign) {
  for (const op of queue.waiting) {
    const cell = cellOf(op);
    if (cell && cell.state !== "conflict") cell.state = sign;
  }
  redraw();
}

function cellOf({ row_id, month }) {
  const place = model?.months.findIndex((one) => one.iso === month);
  return model?.byId.get(row_id)?.cells[place];
}

// --- what is written -----------------------------------------------------------------------

// Write quantities; what cannot be written is left, and counted.
function change(edits, source, { isUndo = false, unpriced = 0 } = {}) {
  const open = edits.filter(({ row }) => row.isWritable);
  const done = [];
  const ops = [];
  for (const edit of open) {
    const cell = edit.row.cells[edit.month];
    const next = {
      quantity: cell.quantity,
      reason: cell.reason,
      comment: cell.comment,
      ...pick(edit),
    };
    if (["quantity", "reason", "comment"].every((name) => next[name] === cell[name])) continue;
    done.push({
      ...{ row: edit.row, month: edit.month },
      ...{ quantity: cell.quantity, reason: cell.reason, comment: cell.comment },
    });
    Object.assign(cell, next, { state: "saving", theirs: undefined });
    const month = model.months[edit.month].iso;
    ops.push({ row_id: edit.row.id, month, version: cell.version, source, ...next });
  }
  if (ops.length > 0) queue.add(ops);
  if (done.length > 0 && !isUndo) {
    undos.push(done);
    undos.splice(0, undos.length - UNDONE);
  }
  const locked = edits.length - open.length;
  const parts = locked > 0 ? [`${cells(locked)} locked and stay.`] : [];
  if (unpriced > 0) parts.push(`${cells(unpriced)} of goods without a price and stay.`);
  message = [...parts, ...nearly(open)].join(" ");
  redraw();
  tellCell();
  tell();
}

// Quantities have three decimals: where a value cannot be met by them, that is said.
function nearly(edits) {
  const off = edits.filter((edit) => isOff(edit.row, edit));
  if (off.length === 0) return [];
  if (off.length > 1) return [`${cells(off.length)} the nearest value that quantities give.`];
  const [{ row, quantity, wanted }] = off;
  const nearest = `${told(quantity)} ${row.unit}, ${writeMoney(quantity * row.price)}`;
  return [`The nearest to ${writeMoney(wanted)} is ${nearest}.`];
}

function pick(edit) {
  const names = ["quantity", "reason", "comment"].filter((name) => name in edit);
  return Object.fromEntries(names.map((name) => [name, edit[name]]));
}

function undo() {
  const before = undos.pop();
  if (before) change(before, "undone", { isUndo: true });
}

// What was typed into a cell; into a total it is spread over what that is the total of.
function write(line, column, figure, source = "typed") {
  const targets = cellsOf(model, line, column);
  if (figure === null)
    return change(
      targets.map((cell) => ({ ...cell, quantity: null })),
      source,
    );
  if (targets.length === 1) return change([written(model.measure, targets[0], figure)], source);
  return spreadTotal(targets, figure);
}

function spreadTotal(targets, total) {
  const parts = spreadOver(targets, total, model.measure);
  if (!parts) return say("This is less than what is locked in it, or more than can be said.");
  const unpriced = targets.filter(({ row }) => row.isWritable).length - parts.length;
  return change(parts, "spread", { unpriced: Math.max(0, unpriced) });
}

function commit(text, step) {
  const digits = DIGITS[model.measure];
  const figure = read(text, digits);
  if (figure === undefined) return `Enter a number from 0 on, with at most ${digits} decimals.`;
  const line = lines[active.line];
  const [one, ...others] = cellsOf(model, line, active.column);
  if (others.length === 0 && figure !== null && text === offered) {
    // It stays as it is: the way over its value could take another thousandth.
    change([{ ...one, quantity: totalOf(one.row, one.month) }], "typed");
  } else if (others.length === 0 && written(model.measure, one, figure).quantity === undefined)
    return "This is more than can be forecast.";
  else write(line, active.column, figure);
  if (step) go({ line: active.line + step.down, column: active.column + step.across });
  return "";
}

// Cells of rows in the selection; a total in it stands for what it is the total of.
function chosen() {
  const { first, last, left, right } = range();
  const found = new Map();
  for (let at = first; at <= last; at += 1)
    for (let column = left; column <= right; column += 1)
      for (const cell of cellsOf(model, lines[at], column))
        found.set(`${cell.row.id}:${cell.month}`, cell);
  return [...found.values()];
}

const DEEDS = {
  apply() {
    const how = byId("how").value;
    const text = byId("amount").value.trim().replace("−", "-").replace("%", "");
    const isLess = text.startsWith("-");
    const size = read(isLess ? text.slice(1) : text, DIGITS[model.measure]);
    if (size === undefined || size === null) return say("Enter a number.");
    const amount = isLess ? -size : size;
    if (how !== "add" && how !== "percent" && isLess) return say("Enter a number from 0 on.");
    if (how === "percent") return percent(amount);
    if (model.measure === "margin") return say(whyNot("margin"));
    if (how === "spread") return spreadTotal(chosen(), amount);
    return setOrAdd(how, amount);
  },
  baseline: () =>
    change(
      chosen().map((cell) => ({ ...cell, quantity: null })),
      "filled",
    ),
  last: () => takeOver("last"),
  previous: () => takeOver("previous"),
  undo,
  mine: () => decide("mine"),
  theirs: () => decide("theirs"),
};

// A part more or less of whatever is looked at is the same part of the quantity.
function percent(amount) {
  const edits = chosen().map((cell) => {
    const now = totalOf(cell.row, cell.month);
    const next = now === null ? null : round(Math.max(0, now * (1 + amount / 100)));
    return { ...cell, quantity: next };
  });
  change(edits, "changed");
}

function setOrAdd(how, amount) {
  const { measure } = model;
  const all = chosen();
  const open = all.filter(({ row }) => !whyNot(measure, row));
  const edits = open.map((cell) => {
    const now = how === "add" ? (figureIn(model, cell.row, cell.month) ?? 0) : 0;
    return written(measure, cell, Math.max(0, exact(measure, now + amount)));
  });
  const known = edits.filter(({ quantity }) => quantity !== undefined);
  if (known.length < edits.length) return say("This is more than can be forecast.");
  return change(known, "changed", { unpriced: all.length - open.length });
}

function takeOver(name) {
  const edits = chosen()
    .map((cell) => ({ ...cell, quantity: cell.row[name][cell.month] ?? null }))
    .filter(({ quantity }) => quantity !== null)
    .map((edit) => ({ ...edit, quantity: Math.max(0, edit.quantity) }));
  change(edits, "filled");
}

// A reason or a comment goes to every cell of the selection.
function words(name, text) {
  change(
    chosen().map((cell) => ({ ...cell, [name]: text })),
    "typed",
  );
}

// Both have written: one of the two is kept, by whoever comes second.
function decide(side) {
  const line = lines[active.line];
  const cell = line.row?.cells[active.column];
  if (cell?.state !== "conflict") return;
  const { theirs } = cell;
  const mine = { quantity: cell.quantity, reason: cell.reason, comment: cell.comment };
  Object.assign(cell, theirs, { state: "", theirs: undefined });
  if (side === "mine") change([{ row: line.row, month: active.column, ...mine }], "typed");
  redraw();
  tellCell();
  tell();
  view.focus();
}

// What the server says of edits.
function take({ saved, conflicts, by, refused }) {
  for (const { op, version, isBehind } of saved) {
    const cell = op && cellOf(op);
    if (!cell) continue;
    cell.version = version;
    cell.by = by ?? cell.by;
    if (!isBehind) cell.state = "";
  }
  for (const one of conflicts) {
    const cell = one.op && cellOf(one.op);
    if (!cell) continue;
    const quantity = one.quantity === null ? null : Number(one.quantity);
    const { version, reason, comment, changed_by } = one;
    cell.version = version;
    cell.state = "conflict";
    cell.theirs = { version, quantity, reason, comment, by: changed_by };
  }
  if (refused) message = refused;
  redraw();
  tellCell();
}

// --- keys and clicks -----------------------------------------------------------------------

const STEPS = {
  ArrowDown: { down: 1, across: 0 },
  ArrowUp: { down: -1, across: 0 },
  ArrowRight: { down: 0, across: 1 },
  ArrowLeft: { down: 0, across: -1 },
};

function move(event) {
  const { key, shiftKey, ctrlKey, metaKey } = event;
  const isFar = ctrlKey || metaKey;
  const lastLine = lines.length - 1;
  const lastColumn = model.months.length;
  const { line, column } = active;
  const to = {
    Home: { line: isFar ? 0 : line, column: 0 },
    End: { line: isFar ? lastLine : line, column: lastColumn },
    PageDown: { line: line + view.page(), column },
    PageUp: { line: line - view.page(), column },
  }[key];
  if (to) return go(to, { keeps: shiftKey });
  const { down, across } = STEPS[key];
  const far = isFar ? Math.max(lastLine, lastColumn) : 1;
  return go({ line: line + down * far, column: column + across * far }, { keeps: shiftKey });
}

// Tab goes through a line and on to the next; at either end it leaves the grid.
function tab(event) {
  const step = event.shiftKey ? -1 : 1;
  const { line, column } = active;
  const lastColumn = model.months.length;
  if (column + step >= 0 && column + step <= lastColumn) go({ line, column: column + step });
  else if (line + step >= 0 && line + step < lines.length)
    go({ line: line + step, column: step > 0 ? 0 : lastColumn });
  else return;
  event.preventDefault();
}

const isWritten = () =>
  cellsOf(model, lines[active.line], active.column).some(({ row }) => row.isWritable);

function writeInto(text) {
  if (!isWritten()) return say("This cannot be written.");
  const line = lines[active.line];
  const targets = cellsOf(model, line, active.column).filter(({ row }) => row.isWritable);
  const reasons = targets.map(({ row }) => whyNot(model.measure, row));
  if (reasons.every(Boolean)) return say(reasons[0]);
  const now = targets.length === 1 ? figureOf(model, line, active.column) : null;
  offered = text === undefined && now !== null ? String(now) : null;
  editing.open(view.cellAt(active), text ?? offered ?? "");
  return undefined;
}

const COMMANDS = {
  d: () => clipboard.fill("down"),
  r: () => clipboard.fill("right"),
  z: undo,
  a: () => {
    anchor = { line: 0, column: 0 };
    active = { line: lines.length - 1, column: model.months.length };
    view.choose(active, range());
    view.focus();
  },
};

function press(event) {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (altKey || event.isComposing) return;
  if (key in STEPS || ["Home", "End", "PageUp", "PageDown"].includes(key)) {
    event.preventDefault();
    move(event);
  } else if (ctrlKey || metaKey) {
    const deed = COMMANDS[key.toLowerCase()];
    if (!deed) return;
    event.preventDefault();
    deed();
  } else if (key === "Tab") tab(event);
  else if (key === "Enter") {
    event.preventDefault();
    if (lines[active.line].kind === "group" && !isWritten()) fold();
    else go({ line: active.line + (event.shiftKey ? -1 : 1), column: active.column });
  } else if (key === "F2") {
    event.preventDefault();
    writeInto();
  } else if (key === "Delete" || key === "Backspace") {
    event.preventDefault();
    DEEDS.baseline();
  } else if (key === "Escape") byId("search").focus();
  else if (key === " ") {
    event.preventDefault();
    fold();
  } else if (key.length === 1) writeInto(""); // the key itself arrives in the field
}

function fold() {
  const line = lines[active.line];
  if (line.kind !== "group") return;
  if (!model.collapsed.delete(line.id)) model.collapsed.add(line.id);
  arrange();
  view.focus();
}

grid.addEventListener("keydown", (event) => {
  if (model && event.target.matches("[role=gridcell]")) press(event);
});

grid.addEventListener("mousedown", (event) => {
  const cell = event.target.closest("[role=gridcell]");
  if (!model || !cell || event.target.matches("input") || event.button !== 0) return;
  event.preventDefault();
  editing.close();
  const line = Number(cell.parentElement.dataset.line);
  go({ line, column: Number(cell.dataset.column) }, { keeps: event.shiftKey });
});

grid.addEventListener("mouseover", (event) => {
  const cell = event.target.closest("[role=gridcell]");
  if (!model || !cell || event.buttons !== 1 || editing.isOpen()) return;
  const line = Number(cell.parentElement.dataset.line);
  if (Number.isNaN(line)) return;
  go({ line, column: Number(cell.dataset.column) }, { keeps: true });
});

grid.addEventListener("dblclick", (event) => {
  if (model && event.target.closest("[role=gridcell]")) writeInto();
});

grid.addEventListener("click", (event) => {
  const button = event.target.closest(".forecast-fold");
  if (!button) return;
  active = { ...active, line: Number(button.closest("[role=row]").dataset.line) };
  fold();
});

for (const name of ["copy", "cut", "paste"])
  document.addEventListener(name, (event) => {
    const isHere = document.activeElement?.matches?.(".forecast-grid [role=gridcell]");
    if (model && isHere) clipboard[name](event);
  });

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-do]");
  if (model && button) DEEDS[button.dataset.do]();
});

byId("amount")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") DEEDS.apply();
});
byId("search").addEventListener("input", ({ target }) => {
  shown.search = target.value;
  if (model) arrange();
});
byId("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && model) view.focus();
});
byId("rep")?.addEventListener("change", ({ target }) =>
  location.assign(withMeasure(target.value)),
);
byId("measure").addEventListener("change", ({ target }) => {
  history.replaceState(history.state, "", withMeasure(location.href, target.value));
  if (model) measured();
});
byId("group").addEventListener("change", ({ target }) => {
  shown.group = target.value;
  remember();
  if (model) arrange();
});
for (const box of document.querySelectorAll("[data-beside]"))
  box.addEventListener("change", () => {
    const boxes = [...document.querySelectorAll("[data-beside]:checked")];
    shown.beside = boxes.map((one) => one.dataset.beside);
    remember();
    if (model) arrange();
  });

// --- quantity, value, margin ---------------------------------------------------------------

function withMeasure(href, measure = byId("measure").value) {
  const url = new URL(href, location.href);
  if (measure === "quantity") url.searchParams.delete("measure");
  else url.searchParams.set("measure", measure);
  return url.href;
}

// Show another measure of the same cells: the address and the file follow.
function measured() {
  editing.close();
  model.measure = byId("measure").value;
  message = "";
  const link = document.querySelector(`a[href*="${root.dataset.file}"]`);
  if (link) link.href = withMeasure(link.href);
  tellMeasure();
  redraw();
  tellCell();
  tell();
}

function tellMeasure() {
  const { currency, priced } = model.head;
  const parts = [];
  if (model.measure !== "quantity") {
    parts.push(`${currency}, at list prices ${priced}.`);
    const unknown = unknownIn(model, lines[0], model.months.length);
    const are = unknown === 1 ? "1 row is" : `${unknown.toLocaleString("en")} rows are`;
    if (unknown > 0) parts.push(`${are} in no sum: price or cost is not known.`);
  }
  byId("measured").textContent = parts.join(" ");
}

// --- the beginning -------------------------------------------------------------------------

// What was written here and never saved is put over what the server knows.
function putBack() {
  const seen = new Set();
  for (const op of queue.waiting) {
    const cell = cellOf(op);
    if (!cell) continue;
    const key = `${op.row_id}:${op.month}`;
    if (op.version === null && !seen.has(key)) op.version = cell.version;
    seen.add(key);
    const { quantity, reason, comment } = op;
    Object.assign(cell, { quantity, reason, comment, state: "kept" });
  }
}

async function begin() {
  byId("group").value = shown.group;
  for (const box of document.querySelectorAll("[data-beside]"))
    box.checked = shown.beside.includes(box.dataset.beside);
  const answer = await fetch(root.dataset.cells, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  model = modelOf(await answer.json(), byId("measure").value);
  putBack();
  view.begin(model);
  arrange();
  measured();
  queue.resume();
  root.dataset.ready = "";
}

begin().catch(() => {
  grid.textContent = "";
  say("The rows did not come. Load the page again.");
});

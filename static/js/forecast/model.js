// What the grid holds: rows with their figures, the lines that are shown of them, and sums.
import { comesTo, exact, isUnknown, quantityOf, rateOf } from "./measure.js";
import { spread } from "./numbers.js";

export const BESIDE = {
  last: "Last year",
  before: "The year before",
  baseline: "Baseline",
  previous: "Cycle before",
};

const none = () => ({ version: 0, quantity: null, reason: "", comment: "", by: "", state: "" });

export function modelOf({ head, names, adjusted, rows }, measure) {
  const writable = new Set(head.writable);
  const months = head.months.map((iso) => ({ iso, title: titleOf(iso) }));
  const model = { head, months, rows: [], byId: new Map(), collapsed: new Set(), stamp: 0 };
  model.measure = measure;
  for (const [
    id,
    customer,
    product,
    rep,
    last,
    before,
    previous,
    baseline,
    told,
    cells,
  ] of rows) {
    const row = { id, customer, product, rep, last, before, previous };
    row.baseline = baseline ?? [];
    row.told = told;
    row.customerName = names.customers[customer][1];
    [row.sku, row.productName, row.unit, row.price, row.cost] = names.products[product];
    row.repName = names.reps[rep];
    row.text =
      `${names.customers[customer].join(" ")} ${row.sku} ${row.productName}`.toLowerCase();
    row.isWritable = writable.has(rep);
    row.cells = months.map(none);
    for (const [place, version, quantity, reason, comment, by] of cells ?? [])
      row.cells[place] = { version, quantity, reason, comment, by: by ?? "", state: "" };
    model.rows.push(row);
    model.byId.set(id, row);
  }
  for (const told of adjusted.cells) noteAdjusted(model, adjusted.made, told);
  return model;
}

// What planners have made of a cell in the consensus: beside what was written, which stays.
function noteAdjusted(model, made, [id, adjustment, places, differences]) {
  const row = model.byId.get(id);
  if (!row) return;
  const [by, reason] = made[adjustment];
  row.adjusted ??= {};
  places.forEach((place, at) => {
    row.adjusted[place] ??= [];
    row.adjusted[place].push({ by, reason, difference: differences[at] });
  });
}

export const adjustedOf = (row, month) => row.adjusted?.[month] ?? [];

// What the consensus says of a cell: what counts of it, with what planners have adjusted.
export function consensusOf(row, month) {
  const changes = adjustedOf(row, month).map(({ difference }) => difference);
  return Math.max(0, sum([totalOf(row, month) ?? 0, ...changes]));
}

function titleOf(iso) {
  const [year, month] = iso.split("-").map(Number);
  const name = new Date(Date.UTC(year, month - 1, 1)).toLocaleString("en", {
    month: "short",
    timeZone: "UTC",
  });
  return `${name} ${String(year).slice(2)}`;
}

export const totalOf = (row, month) => row.cells[month].quantity ?? row.baseline[month] ?? null;

// What counts of a cell, in the measure that is looked at.
export const figureIn = (model, row, month) => comesTo(model.measure, row, totalOf(row, month));

function sum(values, measure = "quantity") {
  let all = null;
  for (const value of values)
    if (value !== null && value !== undefined) all = (all ?? 0) + value;
  return all === null ? null : exact(measure, all);
}

// Which lines there are: all of them, groups, rows, and what is shown beside.
export function linesOf(model, { group, search, beside }) {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = model.rows.filter((row) => wanted.every((word) => row.text.includes(word)));
  const lines = [{ kind: "all", name: "All rows", rows }];
  const add = (about) => {
    lines.push(about);
    for (const name of beside) lines.push({ kind: "beside", of: about, name });
  };
  for (const name of beside) lines.push({ kind: "beside", of: lines[0], name });
  if (!group) for (const row of rows) add({ kind: "row", row, rows: [row] });
  else
    for (const [key, members] of grouped(rows, group)) {
      const id = `${group}:${key}`;
      const isOpen = !model.collapsed.has(id);
      const name = members[0][`${group}Name`];
      add({ kind: "group", id, name, isOpen, rows: members });
      if (isOpen) for (const row of members) add({ kind: "row", row, rows: [row] });
    }
  return lines;
}

function grouped(rows, group) {
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row[group])) groups.set(row[group], []);
    groups.get(row[group]).push(row);
  }
  return [...groups].sort(([, [a]], [, [b]]) =>
    a[`${group}Name`].localeCompare(b[`${group}Name`]),
  );
}

// What a line says in a column; the column behind the months is their sum.
export function figureOf(model, line, column) {
  if (line.stamp !== model.stamp) Object.assign(line, { stamp: model.stamp, kept: [] });
  if (line.kept[column] === undefined) line.kept[column] = reckoned(model, line, column);
  return line.kept[column];
}

function reckoned(model, line, column) {
  const { measure } = model;
  if (column < model.months.length)
    return sum(
      rowsOf(line).map((row) => comesTo(measure, row, quantityIn(line, row, column))),
      measure,
    );
  return sum(
    model.months.map((_month, month) => figureOf(model, line, month)),
    measure,
  );
}

const rowsOf = (line) => (line.kind === "beside" ? line.of.rows : line.rows);

const quantityIn = (line, row, month) =>
  line.kind === "beside" ? (row[line.name][month] ?? null) : totalOf(row, month);

// How many rows of a line have quantities that are in no figure of it: they have no price.
export function unknownIn(model, line, column) {
  if (model.measure === "quantity") return 0;
  const months = column < model.months.length ? [column] : [...model.months.keys()];
  return rowsOf(line).filter(
    (row) =>
      rateOf(model.measure, row) === null &&
      months.some((month) => isUnknown(model.measure, row, quantityIn(line, row, month))),
  ).length;
}

// The cells that a place of the grid stands for: one, or all that it is the total of.
export function cellsOf(model, line, column) {
  if (line.kind === "beside") return [];
  const months =
    column < model.months.length ? [column] : model.months.map((_month, month) => month);
  return line.rows.flatMap((row) => months.map((month) => ({ row, month })));
}

// How far a cell lies off its baseline, in parts of it; null where that means nothing.
export function deviationOf(row, month) {
  const { quantity } = row.cells[month];
  const baseline = row.baseline[month] ?? null;
  if (quantity === null || baseline === null || quantity === baseline) return null;
  return baseline === 0 ? Number.POSITIVE_INFINITY : (quantity - baseline) / baseline;
}

export function isFarOff(model, row, month) {
  const { threshold } = model.head;
  const off = deviationOf(row, month);
  return threshold > 0 && off !== null && Math.abs(off) * 100 >= threshold;
}

// What cells become so that they add up to a total. What cannot be written keeps its part; what
// is left is spread by the baseline, else by last year, else evenly.
// Of a value the parts are cents, and those without a price have none.
export function spreadOver(cells, total, measure = "quantity") {
  const priced = cells.filter(({ row }) => rateOf(measure, row) !== null);
  const open = priced.filter(({ row }) => row.isWritable);
  const fixed = priced.filter(({ row }) => !row.isWritable);
  const worth = ({ row, month }) => comesTo(measure, row, totalOf(row, month));
  const kept = sum(fixed.map(worth), measure) ?? 0;
  if (kept > total || open.length === 0) return null;
  const by = (name) =>
    open.map(({ row, month }) => Math.max(0, comesTo(measure, row, row[name][month]) ?? 0));
  const weights = [by("baseline"), by("last")].find((some) => some.some((one) => one > 0));
  const finest = measure === "quantity" ? undefined : 0.01;
  const parts = spread(total - kept, weights ?? open.map(() => 1), finest);
  const made = open.map((cell, at) => written(measure, cell, parts[at]));
  return made.every(({ quantity }) => quantity !== undefined) ? made : null;
}

// An edit of a cell that is to come to a figure; without a quantity where it cannot.
export function written(measure, cell, figure) {
  const quantity = quantityOf(measure, cell.row, figure);
  const wanted = measure === "quantity" || figure === null ? undefined : figure;
  return { ...cell, quantity, wanted };
}

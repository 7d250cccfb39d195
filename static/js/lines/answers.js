// Puts what the server says of a row into it, as far as the row is still what was asked about.
import { field, inputsOf, nameOf, sentValue, valuesOf } from "./rows.js";

// What waits for the focus to leave its field: nothing is put under somebody's fingers.
const held = new WeakMap();
// What stood in a row when the server last knew it.
const settled = new WeakMap();

export const settle = (row, values = valuesOf(row)) => settled.set(row, values);

export function isSettled(row, names = null) {
  const values = settled.get(row);
  const isSame = (input) => held.has(input) || values?.[nameOf(input)] === sentValue(input);
  return inputsOf(row).every(
    (input) => (names && !names.includes(nameOf(input))) || isSame(input),
  );
}

export function release(input) {
  const waiting = held.get(input);
  held.delete(input);
  if (waiting && input.value === waiting.before) input.value = waiting.value;
}

function put(input, before, value) {
  if (input.value !== before || value === before) return;
  if (input === document.activeElement) held.set(input, { before, value });
  else input.value = value;
}

function mark(input, problem) {
  input.toggleAttribute("aria-invalid", Boolean(problem));
  if (!problem) return input.removeAttribute("aria-describedby");
  problem.id = `${input.id}-problem`;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", problem.id);
}

// `before` are the values that the server was asked about.
export function apply(row, told, before, code) {
  for (const [name, value] of Object.entries(told.values))
    put(field(row, name), before[name], value);
  settle(row, { ...before, ...told.values });
  const figures = row.querySelector("[data-figures]");
  figures.innerHTML = told.figures;
  mark(field(row, code), figures.querySelector("[data-problem]"));
}

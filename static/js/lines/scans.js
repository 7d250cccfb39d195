// What a scanner reads into a line editor: the same code again is one more of the same line. A
// line learns from the server how much each code is worth, for a carton's is worth several.
import { field, isBlank } from "./rows.js";

const DECIMALS = 1_000; // of a quantity: sums of whole thousandths are exact

// Of each row: its codes with what they are worth, and a code that the server has not named yet
// with the number of its scans.
const known = new WeakMap();

function knownOf(row) {
  if (!known.has(row)) known.set(row, { codes: new Map(), waits: "", scans: 1 });
  return known.get(row);
}

const letters = (code) => code.toLowerCase().replace(/[\s\-_./]+/g, "");

export function scans(rows, quantityName) {
  const quantity = (row) => field(row, quantityName);

  function raise(row, worth) {
    const input = quantity(row);
    if (!input) return; // lines without quantities: once more says nothing new
    const sum = Math.round(Number(input.value) * DECIMALS) + Math.round(worth * DECIMALS);
    input.value = sum / DECIMALS;
  }

  // The row still is about what the server named, and its quantity is one to add to.
  function holds(row, code) {
    const { codes } = knownOf(row);
    const isSame = codes.has(letters(rows.code(row).value));
    const isNumber = Number.isFinite(Number(quantity(row)?.value ?? 0));
    return isSame && codes.has(letters(code)) && isNumber;
  }

  function waitsFor(row, code) {
    return knownOf(row).waits === code && rows.code(row).value === code;
  }

  function scan(code) {
    const row = rows.all().find((one) => waitsFor(one, code) || holds(one, code));
    if (!row) return first(code);
    if (waitsFor(row, code)) knownOf(row).scans += 1;
    else raise(row, knownOf(row).codes.get(letters(code)));
    return row;
  }

  function first(code) {
    const row = rows.blank();
    rows.code(row).value = code;
    Object.assign(knownOf(row), { codes: new Map(), waits: code, scans: 1 });
    return row;
  }

  // A line that is there already, of the product that the code of this row means.
  const twin = (row, code) => rows.all().find((one) => one !== row && holds(one, code));

  // Take what the server says of a row: `before` is the code it was asked about, `isUntouched`
  // whether its quantity is still the server's to say. Tells what became of the row: `merged`
  // into another one, `raised` by further scans, or nothing.
  function resolve(row, { before, code, units, isUntouched }) {
    const own = knownOf(row);
    const wasScanned = own.waits === before || letters(before) !== letters(code);
    const count = own.waits === before ? own.scans : 1;
    Object.assign(own, { waits: "", scans: 1 });
    own.codes = own.codes.has(letters(code)) ? own.codes : new Map([[letters(code), 1]]);
    if (!units) return "";
    const worth = Number(units);
    const same = wasScanned && isUntouched && twin(row, code);
    if (same) {
      knownOf(same).codes.set(letters(before), worth);
      raise(same, worth * count);
      return "merged";
    }
    own.codes.set(letters(before), worth);
    if (count > 1) raise(row, worth * (count - 1));
    return count > 1 ? "raised" : "";
  }

  // A line that came with the page is known by its own code.
  for (const row of rows.all())
    if (!isBlank(row)) knownOf(row).codes.set(letters(rows.code(row).value), 1);

  return { scan, resolve };
}

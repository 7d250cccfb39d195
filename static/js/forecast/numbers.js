// Numbers and tables as people type, copy and paste them.
export const LARGEST = 10 ** 10;
const shown = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });
const money = new Intl.NumberFormat("en", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
// How the person's own spreadsheet probably writes a decimal point.
export const OWN_DECIMAL = (1.5).toLocaleString(navigator.language).includes(",") ? "," : ".";

export const write = (number) => (number === null ? "" : shown.format(number));
export const writeMoney = (number) => (number === null ? "" : money.format(number));
export const plain = (number) => (number === null ? null : String(Number(number.toFixed(3))));

// For a spreadsheet: without signs between thousands, with the person's decimal sign.
export const forSheet = (number, digits = 3) =>
  number === null ? "" : String(Number(number.toFixed(digits))).replace(".", OWN_DECIMAL);

// What is typed into a cell: as our pages show it, or with a decimal comma. Nothing is null,
// what is no quantity is undefined.
export function read(text, digits = 3) {
  const typed = text.replace(/\s/g, "");
  if (typed === "") return null;
  if (/^[+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(typed))
    return fit(typed.replaceAll(",", ""), digits);
  return fit(/^[+]?\d*,\d*$/.test(typed) ? typed.replace(",", ".") : typed, digits);
}

// A number of a pasted table, whose decimal sign is known.
export function readCell(text, decimal, places = 3) {
  const typed = bare(text);
  if (typed === "") return null;
  const isPart = typed.endsWith("%");
  const digits = isPart ? typed.slice(0, -1) : typed;
  const other = decimal === "," ? "." : ",";
  const number = fit(digits.replaceAll(other, "").replace(decimal, "."), places);
  return number === undefined ? undefined : isPart ? round(number / 100, places) : number;
}

function fit(text, digits) {
  if (!/^[+]?(\d+\.?\d*|\.\d+)$/.test(text)) return undefined;
  const number = Number(text);
  return number < LARGEST && number === round(number, digits) ? number : undefined;
}

export const round = (number, digits = 3) => Number(number.toFixed(digits));

const bare = (text) => text.replace(/[\s'’\u00a0\u202f]/g, "");

// The decimal sign of a table, "" where it cannot be known: 1,234 may be either.
export function decimalOf(texts) {
  const votes = new Set();
  let isOpen = false;
  for (const text of texts) {
    const vote = voteOf(bare(text).replace("%", ""));
    if (vote === "?") isOpen = true;
    else if (vote) votes.add(vote);
  }
  if (votes.size === 1) return [...votes][0];
  return votes.size === 0 && !isOpen ? "." : "";
}

function voteOf(text) {
  const signs = text.replace(/[^.,]/g, "");
  if (signs === "") return "";
  const last = signs.at(-1);
  if (new Set(signs).size === 2) return last;
  if (signs.length > 1) return last === "," ? "." : ",";
  const [before, after] = text.split(last);
  const isEither = after.length === 3 && /^[1-9]\d{0,2}$/.test(before);
  return isEither ? "?" : last;
}

// A table as spreadsheets copy it: tabs, quotes around what holds them, any ends of lines. The
// end of the last line begins no further one.
export function readTable(text) {
  const rows = [];
  let row = [];
  let cell = "";
  let isQuoted = false;
  const end = () => {
    row.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (isQuoted) {
      if (sign === '"' && text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (sign === '"') isQuoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === "\t") end();
    else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[at + 1] === "\n") at += 1;
      end();
      rows.push(row);
      row = [];
    } else cell += sign;
  }
  if (cell !== "" || row.length > 0) {
    end();
    rows.push(row);
  }
  return rows;
}

// Parts of a total by weights, in whole units if the total is whole: they add up to it.
export function spread(total, weights, finest = 0.001) {
  const unit = Number.isInteger(total) && finest === 0.001 ? 1 : finest;
  const units = Math.round(total / unit);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) =>
    sum > 0 ? (units * weight) / sum : units / weights.length,
  );
  const parts = exact.map(Math.floor);
  const left = units - parts.reduce((all, part) => all + part, 0);
  const byRest = exact.map((part, at) => [part - parts[at], at]);
  byRest.sort(([a, first], [b, second]) => b - a || first - second);
  for (const [, at] of byRest.slice(0, left)) parts[at] += 1;
  return parts.map((part) => round(part * unit));
}

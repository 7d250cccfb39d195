// Blocks of cells from and to spreadsheets, and filling within the grid.
import { DIGITS, whyNot } from "./measure.js";
import { figureIn, figureOf, totalOf, written } from "./model.js";
import { decimalOf, forSheet, OWN_DECIMAL, readCell, readTable } from "./numbers.js";

// `shape` gives the model, the lines and the selection, `change` writes, `say` tells.
export function clipboardOf({ shape, change, say }) {
  const dialog = document.querySelector(".forecast-paste");
  const decimals = document.getElementById("forecast-decimal");
  let asked = null;

  function copy(event) {
    const { model, lines, first, last, left, right } = shape();
    const texts = [];
    for (let at = first; at <= last; at += 1) {
      const row = [];
      for (let column = left; column <= right; column += 1)
        row.push(forSheet(figureOf(model, lines[at], column), DIGITS[model.measure]));
      texts.push(row.join("\t"));
    }
    event.clipboardData.setData("text/plain", texts.join("\r\n"));
    event.preventDefault();
  }

  function cut(event) {
    copy(event);
    change(
      cells().map((cell) => ({ ...cell, quantity: null })),
      "filled",
    );
  }

  // Cells of rows in the selection, without sums.
  function cells() {
    const { model, lines, first, last, left, right } = shape();
    const found = [];
    for (let at = first; at <= last; at += 1)
      for (let month = left; month <= Math.min(right, model.months.length - 1); month += 1)
        if (lines[at].kind === "row") found.push({ row: lines[at].row, month });
    return found;
  }

  function paste(event) {
    event.preventDefault();
    const table = readTable(event.clipboardData.getData("text/plain"));
    if (table.length === 0) return;
    if (isRead()) return;
    const decimal = decimalOf(table.flat());
    const planned = plan(table, decimal || OWN_DECIMAL);
    if (decimal && planned.wrong === 0 && planned.left === 0) change(planned.edits, "pasted");
    else ask(table, decimal);
  }

  // What a table would do: a single value fills the selection; else it begins at its corner,
  // and goes on over the lines of rows: sums and what stands beside are passed over.
  function plan(table, decimal) {
    const { model, lines, first, left } = shape();
    const { measure } = model;
    const result = { edits: [], wrong: 0, locked: 0, outside: 0, unpriced: 0 };
    const put = (row, month, text) => {
      const figure = readCell(text, decimal, DIGITS[measure]);
      if (figure === undefined) result.wrong += 1;
      else if (!row.isWritable) result.locked += 1;
      else if (figure !== null && whyNot(measure, row)) result.unpriced += 1;
      else {
        const edit = written(measure, { row, month }, figure);
        if (edit.quantity === undefined) result.wrong += 1;
        else result.edits.push(edit);
      }
    };
    const all = cells();
    if (table.length === 1 && table[0].length === 1 && all.length > 1) {
      for (const { row, month } of all) put(row, month, table[0][0]);
      return counted(result);
    }
    const targets = lines.slice(first).filter((line) => line.kind === "row");
    table.forEach((texts, down) => {
      texts.forEach((text, across) => {
        const row = targets[down]?.row;
        const month = left + across;
        if (row && month < model.months.length) put(row, month, text);
        else result.outside += 1;
      });
    });
    return counted(result);
  }

  const counted = (result) => {
    result.left = result.wrong + result.locked + result.outside + result.unpriced;
    return result;
  };

  // Whether nothing can be written in what is looked at; then it is said.
  function isRead() {
    const why = shape().model.measure === "margin" ? whyNot("margin") : "";
    if (why) say(why);
    return Boolean(why);
  }

  function ask(table, decimal) {
    asked = { table, isSure: Boolean(decimal) };
    decimals.value = decimal || OWN_DECIMAL;
    told();
    dialog.showModal();
  }

  function told() {
    const { edits, wrong, locked, outside, unpriced } = plan(asked.table, decimals.value);
    const parts = [edits.length === 1 ? "1 cell changes." : `${edits.length} cells change.`];
    if (!asked.isSure) parts.unshift("Whether a sign is a decimal point is not sure: choose.");
    if (wrong > 0) parts.push(`${wrong} are no quantities and stay.`);
    if (unpriced > 0) parts.push(`${unpriced} are of goods without a price and stay.`);
    if (locked > 0) parts.push(`${locked} are locked and stay.`);
    if (outside > 0) parts.push(`${outside} lie outside of the grid.`);
    dialog.querySelector("[data-paste-text]").textContent = parts.join(" ");
  }

  decimals.addEventListener("change", told);
  for (const button of dialog.querySelectorAll("[data-paste]"))
    button.addEventListener("click", () => {
      dialog.close();
      if (button.dataset.paste === "yes")
        change(plan(asked.table, decimals.value).edits, "pasted");
    });

  // Fill the selection with its first line, or its first column.
  function fill(way) {
    const { model, lines, first, left } = shape();
    const all = cells();
    if (all.length === 0 || isRead()) return;
    if (way === "down" && lines[first].kind !== "row") {
      say("Begin with a row to fill from.");
      return;
    }
    const edits = all
      .map(({ row, month }) => {
        const source = way === "down" ? { row: lines[first].row, month } : { row, month: left };
        return { row, month, source };
      })
      .filter(({ row, month, source }) => source.row !== row || source.month !== month);
    // To the right it is the same product: the quantity itself, without a way round.
    const filled = edits.map(({ row, month, source }) =>
      source.row === row
        ? { row, month, quantity: totalOf(row, source.month) }
        : filledBy(model, { row, month }, source),
    );
    const known = filled.filter(({ quantity }) => quantity !== undefined);
    change(known, "filled", { unpriced: filled.length - known.length });
  }

  function filledBy(model, cell, source) {
    if (totalOf(source.row, source.month) !== null && whyNot(model.measure, source.row))
      return { ...cell, quantity: undefined };
    return written(model.measure, cell, figureIn(model, source.row, source.month));
  }

  return { copy, cut, paste, fill };
}

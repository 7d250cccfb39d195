// What is known of the cell with the focus, below the grid; and its reason and comment.
import { comesTo, MEASURES, unknownTold } from "./measure.js";
import { adjustedOf, BESIDE, consensusOf, deviationOf, figureOf, isFarOff } from "./model.js";
import { write, writeMoney } from "./numbers.js";

export function panelOf(root, { words }) {
  const place = root.querySelector("[data-told]");
  const conflict = root.querySelector("[data-conflict]");
  const conflictText = root.querySelector("[data-conflict-text]");
  const fields = {
    reason: document.getElementById("forecast-reason"),
    comment: document.getElementById("forecast-comment"),
  };
  for (const [name, field] of Object.entries(fields))
    field.addEventListener("change", () => words(name, field.value.trim()));

  function tell(model, line, column) {
    const isCell = line.kind === "row" && column < model.months.length;
    const cell = isCell ? line.row.cells[column] : null;
    place.replaceChildren(...facts(model, line, column, cell));
    for (const [name, field] of Object.entries(fields)) {
      field.disabled = !(isCell && line.row.isWritable);
      if (document.activeElement !== field) field.value = cell?.[name] ?? "";
    }
    conflict.hidden = cell?.state !== "conflict";
    if (cell?.state === "conflict") {
      const { by, quantity } = cell.theirs;
      const theirs = quantity === null ? "the baseline" : told(model, line.row, quantity);
      const mine =
        cell.quantity === null ? "the baseline" : told(model, line.row, cell.quantity);
      conflictText.textContent = `${by} wrote ${theirs} meanwhile; you wrote ${mine}.`;
    }
  }

  function facts(model, line, column, cell) {
    const made = [fact(nameOf(line), model.months[column]?.title ?? "Total")];
    if (line.kind === "beside") return made;
    const written = model.measure === "quantity" ? write : writeMoney;
    if (line.kind === "row" && model.measure !== "quantity")
      made.push(...ofMoney(model, line, column));
    for (const [name, label] of Object.entries(BESIDE)) {
      const value = figureOf(model, { kind: "beside", of: line, name }, column);
      made.push(fact(label, value === null ? "—" : written(value)));
    }
    if (cell) made.push(...ofCell(model, line.row, column, cell));
    return made;
  }

  function ofCell(model, row, month, cell) {
    const made = [];
    const [method, reason, wape, way] = row.told ?? [];
    const usual = row.baseline[month] ?? null;
    if (usual !== null && way > 0) {
      const least = told(model, row, Math.max(0, usual - way));
      made.push(fact("Four of five times", `${least} to ${told(model, row, usual + way)}`));
    }
    if (method) {
      const error = wape === null ? "" : ` Error ${Math.round(wape * 100)} %.`;
      made.push(fact(model.head.methods[method], `${reason}${error}`));
    }
    const off = deviationOf(row, month);
    if (off !== null && Number.isFinite(off)) {
      const side = off > 0 ? "over" : "under";
      made.push(fact("Off the baseline", `${Math.round(Math.abs(off) * 100)} % ${side}`));
    }
    if (isFarOff(model, row, month) && !cell.reason)
      made.push(fact("Missing", "a reason for being far off"));
    if (cell.by) made.push(fact("Written by", cell.by));
    return [...made, ...ofPlanners(model, row, month)];
  }

  // What planners have made of it in the consensus: how much, who and why.
  function ofPlanners(model, row, month) {
    const adjusted = adjustedOf(row, month);
    if (adjusted.length === 0) return [];
    const changes = adjusted.map(({ by, reason, difference }) => {
      const change = `${difference > 0 ? "+" : "−"}${told(model, row, Math.abs(difference))}`;
      return fact(`◆ ${by}: ${reason}`, change);
    });
    return [fact("Consensus", told(model, row, consensusOf(row, month))), ...changes];
  }

  // What stands behind a value: the quantity, which is kept, and what one unit comes to.
  function ofMoney(model, line, column) {
    const { row } = line;
    const { currency, priced } = model.head;
    const of = { kind: "row", row, rows: [row] };
    const quantity = figureOf({ ...model, measure: "quantity" }, of, column);
    const made = quantity === null ? [] : [fact("Quantity", `${write(quantity)} ${row.unit}`)];
    const unknown = unknownTold(model.measure, row);
    if (unknown) made.push(fact(MEASURES[model.measure], unknown));
    if (row.price !== null)
      made.push(fact(`Price ${priced}`, `${write(row.price)} ${currency} / ${row.unit}`));
    if (model.measure === "margin" && row.cost !== null)
      made.push(fact(`Cost ${priced}`, `${write(row.cost)} ${currency} / ${row.unit}`));
    return made;
  }

  return { tell };
}

// A quantity of a row as it is looked at; where it is not known what it comes to, as it is.
function told(model, row, quantity) {
  if (model.measure === "quantity") return write(quantity);
  const figure = comesTo(model.measure, row, quantity);
  return figure === null ? `${write(quantity)} ${row.unit}` : writeMoney(figure);
}

function nameOf(line) {
  if (line.kind === "row") return `${line.row.customerName}: ${line.row.productName}`;
  return line.kind === "beside" ? BESIDE[line.name] : line.name;
}

function fact(label, value) {
  const made = document.createElement("span");
  const strong = document.createElement("strong");
  strong.textContent = value;
  made.append(`${label} `, strong);
  return made;
}

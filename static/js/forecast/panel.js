// What is known of the cell with the focus, below the grid; and its reason and comment.
import { adjustedOf, BESIDE, consensusOf, deviationOf, figureOf, isFarOff } from "./model.js";
import { write } from "./numbers.js";

export function panelOf(root, { words }) {
  const told = root.querySelector("[data-told]");
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
    told.replaceChildren(...facts(model, line, column, cell));
    for (const [name, field] of Object.entries(fields)) {
      field.disabled = !(isCell && line.row.isWritable);
      if (document.activeElement !== field) field.value = cell?.[name] ?? "";
    }
    conflict.hidden = cell?.state !== "conflict";
    if (cell?.state === "conflict") {
      const { by, quantity } = cell.theirs;
      const theirs = quantity === null ? "the baseline" : write(quantity);
      const mine = cell.quantity === null ? "the baseline" : write(cell.quantity);
      conflictText.textContent = `${by} wrote ${theirs} meanwhile; you wrote ${mine}.`;
    }
  }

  function facts(model, line, column, cell) {
    const made = [fact(nameOf(line), model.months[column]?.title ?? "Total")];
    if (line.kind === "beside") return made;
    for (const [name, label] of Object.entries(BESIDE)) {
      const value = figureOf(model, { kind: "beside", of: line, name }, column);
      made.push(fact(label, value === null ? "—" : write(value)));
    }
    if (cell) made.push(...ofCell(model, line.row, column, cell));
    return made;
  }

  function ofCell(model, row, month, cell) {
    const made = [];
    const [method, reason, wape, way] = row.told ?? [];
    const usual = row.baseline[month] ?? null;
    if (usual !== null && way > 0) {
      const least = write(Math.max(0, usual - way));
      made.push(fact("Four of five times", `${least} to ${write(usual + way)}`));
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
    return [...made, ...ofPlanners(row, month)];
  }

  // What planners have made of it in the consensus: how much, who and why.
  function ofPlanners(row, month) {
    const adjusted = adjustedOf(row, month);
    if (adjusted.length === 0) return [];
    const changes = adjusted.map(({ by, reason, difference }) => {
      const change = `${difference > 0 ? "+" : "−"}${write(Math.abs(difference))}`;
      return fact(`◆ ${by}: ${reason}`, change);
    });
    return [fact("Consensus", write(consensusOf(row, month))), ...changes];
  }

  return { tell };
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

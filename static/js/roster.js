// In the grid of a roster, arrows and Enter go from cell to cell; Ctrl and Enter save.
const DOWN = { ArrowDown: 1, ArrowUp: -1, Enter: 1 };
const ACROSS = { ArrowLeft: -1, ArrowRight: 1 };

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(".roster td");
  if (!cell || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  const next = neighbour(cell, event);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
});

function neighbour(cell, event) {
  const row = cell.parentElement;
  if (event.key in DOWN) {
    const other = DOWN[event.key] > 0 ? row.nextElementSibling : row.previousElementSibling;
    return inputOf(other?.cells[cell.cellIndex]) ?? (event.key === "Enter" && event.target);
  }
  if (event.key in ACROSS && isAtEdge(event.target, ACROSS[event.key])) {
    return inputOf(row.cells[cell.cellIndex + ACROSS[event.key]]);
  }
  return null;
}

function inputOf(cell) {
  return cell?.querySelector("input");
}

// Within a text the arrows move the caret; from its end they leave the cell.
function isAtEdge(input, way) {
  const isAllChosen = input.selectionEnd - input.selectionStart === input.value.length;
  const edge = way < 0 ? 0 : input.value.length;
  return isAllChosen || (input.selectionStart === edge && input.selectionEnd === edge);
}

// The field in which a cell is written. Enter and Tab keep it, Escape leaves the cell as it was.
const STEPS = {
  Enter: { down: 1, across: 0 },
  Tab: { down: 0, across: 1 },
};

// `commit` takes the text and where to go then, and gives what is wrong with it.
export function editor({ commit, leave, label }) {
  let field = null;

  function open(cell, text) {
    if (!cell || field) return;
    const before = cell.dataset.text;
    field = document.createElement("input");
    field.className = "forecast-field";
    field.inputMode = "decimal";
    field.autocomplete = "off";
    field.value = text;
    field.setAttribute("aria-label", label());
    cell.replaceChildren(field);
    cell.dataset.text = "\0"; // what is drawn next is drawn anew
    field.addEventListener("keydown", (event) => press(event, cell, before));
    field.addEventListener("blur", () => close());
    field.focus();
  }

  function press(event, cell, before) {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") {
      remove(cell, before);
      leave();
    } else if (event.key in STEPS) {
      event.preventDefault();
      const { down, across } = STEPS[event.key];
      const way = event.shiftKey ? -1 : 1;
      keep({ down: down * way, across: across * way });
    }
  }

  function remove(cell, text) {
    const old = field;
    field = null;
    old.remove();
    cell.textContent = text;
    cell.dataset.text = text;
  }

  function keep(step) {
    const old = field;
    field = null;
    const text = old.value;
    const cell = old.parentElement;
    old.remove();
    const wrong = commit(text, step);
    if (!wrong) return;
    if (!step) return; // the hand is elsewhere already: the cell stays as it was
    open(cell, text);
    field.setCustomValidity(wrong);
    field.setAttribute("aria-invalid", "true");
    field.reportValidity();
    field.addEventListener("input", (event) => event.target.setCustomValidity(""), {
      once: true,
    });
  }

  function close() {
    if (field) keep(null);
  }

  return { open, close, isOpen: () => field !== null };
}

// Labels: what is found or scanned goes on the list, and a click on the sheet says where it begins.
const list = () => document.querySelector("[data-items]");
const first = () => document.querySelector("[data-first]");

function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function add(code) {
  const items = list();
  const lines = items.value.split("\n").filter((line) => line.trim());
  items.value = `${[...lines, code].join("\n")}\n`;
  items.scrollTop = items.scrollHeight;
  changed(items);
}

function begin(number) {
  first().value = number;
  changed(first());
}

document.addEventListener("click", (event) => {
  const found = event.target.closest("[data-add-item]");
  const cell = event.target.closest("[data-cell]");
  if (found && list()) {
    event.preventDefault();
    add(found.dataset.addItem);
  } else if (cell && first()) {
    begin(cell.dataset.cell);
  }
});

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-first]")) return;
  for (const cell of document.querySelectorAll("[data-cell]")) {
    cell.classList.toggle("taken", Number(cell.dataset.cell) < Number(target.value));
  }
});

document.addEventListener("opsroom:scan", (event) => {
  if (!list() || document.querySelector("dialog:modal")) return;
  event.preventDefault(); // it is not looked up, it is printed
  add(event.detail.code);
});

// The rows of a line editor as they stand on the page. Each has a number that is never used
// twice; numbers grow downwards, and answers of the server are matched by them.
const INPUTS = "input, select, textarea";

const numberOf = (row) => Number(row.dataset.row);
const isShown = (input) => input.type !== "hidden";

const isTick = (input) => input.type === "checkbox";

// As a form sends it: a box that is not ticked says nothing.
export const sentValue = (input) => (isTick(input) && !input.checked ? "" : input.value);
export const inputsOf = (row) => [...row.querySelectorAll(INPUTS)];
export const nameOf = (input) => input.name.split("-").slice(2).join("-");
export const field = (row, name) => inputsOf(row).find((input) => nameOf(input) === name);
export const isBlank = (row) =>
  !inputsOf(row).some((input) => isShown(input) && !isTick(input) && input.value.trim());
export const valuesOf = (row) =>
  Object.fromEntries(inputsOf(row).map((input) => [nameOf(input), sentValue(input)]));

// Marks that a server left, and values; selects keep what they begin with.
function clear(row) {
  for (const input of inputsOf(row)) {
    if (isTick(input)) input.checked = false;
    else if (input.matches("input")) input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("autofocus");
  }
  for (const error of row.querySelectorAll(".error, .combobox-list")) error.remove();
  row.querySelector("[data-figures]").replaceChildren();
}

export function rowsOf(fieldset) {
  const { lines: name, code } = fieldset.dataset;
  const list = fieldset.querySelector("[data-rows]");
  const all = () => [...list.children];
  const pattern = all().at(-1).cloneNode(true);
  let next = all().length;
  clear(pattern);

  // Ids, names and what refers to them have the number of their row.
  function numbered(row, number) {
    const old = new RegExp(`\\b${name}-\\d+-`, "g");
    for (const element of row.querySelectorAll("*"))
      for (const { name: key, value } of [...element.attributes])
        if (["id", "name", "for", "aria-describedby"].includes(key))
          element.setAttribute(key, value.replace(old, `${name}-${number}-`));
    row.dataset.row = number;
    row.querySelector("[name=removed]").value = number;
    return row;
  }

  function relabel() {
    for (const [at, row] of all().entries()) {
      row.ariaLabel = `Line ${at + 1}`;
      const button = row.querySelector("[name=removed]");
      button.title = button.ariaLabel = `Remove line ${at + 1}`;
      row.toggleAttribute("data-blank", isBlank(row) && at === all().length - 1);
    }
  }

  function add() {
    const row = numbered(pattern.cloneNode(true), next++);
    list.append(row);
    relabel();
    return row;
  }

  // The empty row at the end, which is made if there is none.
  function blank() {
    const last = all().at(-1);
    return last && isBlank(last) ? last : add();
  }

  function remove(row) {
    row.remove();
    blank();
    relabel();
  }

  // Back to where its number belongs.
  function restore(row) {
    list.insertBefore(row, all().find((other) => numberOf(other) > numberOf(row)) ?? null);
    relabel();
  }

  return {
    all,
    blank,
    remove,
    restore,
    relabel,
    code: (row) => field(row, code),
    of: (element) => (list.contains(element) ? element.closest("[data-row]") : null),
    numbered: (number) => all().find((row) => numberOf(row) === Number(number)),
    sent: () => new Map(all().map((row) => [row.dataset.row, valuesOf(row)])),
  };
}

// The lines of an order: Enter goes to the next one, a scan fills it, and what the server
// completes never takes away what is being typed.
// A button that has the focus is no such field: it would keep its old name and do the new thing.
document.addEventListener("htmx:beforeSwap", () => {
  const isTyped = Boolean(document.activeElement?.matches("input, select, textarea"));
  window.Idiomorph.defaults.ignoreActiveValue = isTyped;
});

const lines = () => document.querySelector("[data-lines]");
const next = () => lines()?.querySelector("[data-blank] [data-code]");

let goesOn = false;

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.closest?.("[data-lines]")) goesOn = true;
});

// What settles may also be the offered products, asked for by what was typed before Enter.
document.addEventListener("htmx:afterSettle", (event) => {
  if (!goesOn || !event.target.matches?.("[data-lines]")) return;
  goesOn = false;
  next()?.focus();
});

// A scanner that types into no field means the next line.
document.addEventListener("opsroom:scan", (event) => {
  const field = next();
  if (!field) return;
  event.preventDefault();
  field.value = event.detail.code;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

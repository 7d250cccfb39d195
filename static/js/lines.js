// The lines of an order: Enter goes to the next one, a scan fills it, and what the server
// completes never takes away what is being typed.
window.Idiomorph.defaults.ignoreActiveValue = true;

const lines = () => document.querySelector("[data-lines]");
const next = () => lines()?.querySelector("[data-blank] [data-code]");

let goesOn = false;

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.closest?.("[data-lines]")) goesOn = true;
});

document.addEventListener("htmx:afterSettle", () => {
  if (!goesOn) return;
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

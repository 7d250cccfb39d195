// Forms that open over the page.
const dialog = document.getElementById("dialog");

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target === dialog && !dialog.open) dialog.showModal();
});

// A form that came back with errors: the hand goes to the first of them.
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.target.closest?.("form.form");
  form?.querySelector("[aria-invalid]")?.focus();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("dialog [data-close]");
  if (!button) return;
  event.preventDefault();
  button.closest("dialog").close();
});

// A closed form keeps no fields: their ids would be on the page twice the next time.
dialog.addEventListener("close", () => dialog.replaceChildren());

// Only its own form closes it: something pressed earlier may be saved while one types here.
document.addEventListener("opsroom:saved", (event) => {
  if (dialog.contains(event.target)) dialog.close();
});

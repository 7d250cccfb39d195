// Forms that open over the page.
import { leave } from "./unsaved.js";

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
  const one = button.closest("dialog");
  leave(one, () => one.close());
});

// Ctrl and Enter saves what is in front, as it saves lines.
document.addEventListener("keydown", (event) => {
  const isSave = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  const button = isSave && document.querySelector("#dialog:modal form.form .submit");
  if (!button || event.defaultPrevented || event.isComposing) return;
  event.preventDefault();
  button.click();
});

// Escape, too, asks before it throws away what was typed.
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  leave(dialog, () => dialog.close());
});

// A closed form keeps no fields: their ids would be on the page twice the next time.
dialog.addEventListener("close", () => dialog.replaceChildren());

// Only its own form closes it: something pressed earlier may be saved while one types here.
document.addEventListener("opsroom:saved", (event) => {
  if (dialog.contains(event.target)) dialog.close();
});

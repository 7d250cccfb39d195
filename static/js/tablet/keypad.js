// Digits for fingers: they go into the field of the keypad they stand in. A sheet closes by its
// button, by Escape and by a tap beside it.
function press(button) {
  const field = button.closest("[data-keypad]").querySelector("input:not([type=hidden])");
  const { digit } = button.dataset;
  if (digit === "erase") field.value = field.value.slice(0, -1);
  else field.value = field.dataset.isTouched ? field.value + digit : digit;
  field.dataset.isTouched = "yes"; // the first digit takes the place of what was there
}

function close(sheet) {
  sheet.open = false;
  sheet.querySelector("summary").focus({ preventScroll: true });
}

const opened = () => document.querySelectorAll("[data-sheet][open]");

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-digit]");
  if (button) press(button);
  for (const sheet of opened()) {
    const isBeside = !target.closest(".sheet") && !target.closest("summary");
    if (isBeside || target.closest("[data-close]")) close(sheet);
  }
});

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") for (const sheet of opened()) close(sheet);
});

// Digits for fingers: they go into the field of the keypad they stand in.
function press(button) {
  const field = button.closest("[data-keypad]").querySelector("input:not([type=hidden])");
  const { digit } = button.dataset;
  if (digit === "erase") field.value = field.value.slice(0, -1);
  else field.value = field.dataset.isTouched ? field.value + digit : digit;
  field.dataset.isTouched = "yes"; // the first digit takes the place of what was there
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-digit]");
  if (button) press(button);
});

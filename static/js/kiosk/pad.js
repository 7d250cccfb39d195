// The pad for those without their card: a number and a PIN, by fingers or by keys.
const form = document.getElementById("pin-form");
const IDLE = 30_000; // milliseconds after which nobody's half-typed PIN stays on the wall

let timer = 0;
let field = form.elements.number;

export function clear() {
  clearTimeout(timer);
  form.elements.number.value = "";
  form.elements.pin.value = "";
  field = form.elements.number;
}

function press({ target }) {
  const key = target.closest("[data-digit]")?.dataset.digit;
  if (!key) return;
  field.value = key === "erase" ? field.value.slice(0, -1) : field.value + key;
  field.focus();
}

// Call back with the form when somebody sends it.
export function listen(send) {
  form.addEventListener("click", press);
  form.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLInputElement && target.type !== "hidden") field = target;
  });
  for (const kind of ["click", "input"]) {
    form.addEventListener(kind, () => {
      clearTimeout(timer);
      timer = setTimeout(clear, IDLE);
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(new FormData(form));
    form.elements.pin.value = "";
  });
}

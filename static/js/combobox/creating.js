// A record that is not there yet is made in a dialog over the form, and comes back chosen.
import { show } from "../messages.js";

const dialog = document.getElementById("dialog");

const TITLE = "form-title";
const OWN = "new-";
const SHORTEST = 6; // characters of a code
const FASTEST_HAND = 22; // milliseconds a key
const REFERS = ["id", "for", "list", "aria-describedby"];

let waiting = null; // the field, what was typed, and what to do with the new record

export function create(input, address, chosen) {
  waiting = { input, typed: input.value, chosen };
  window.htmx.ajax("GET", address, { target: dialog, swap: "innerHTML" });
}

// Both forms have fields of the same ids: those of the one above get names of their own.
function separate() {
  for (const element of dialog.querySelectorAll("*"))
    for (const key of REFERS) {
      const ids = element.getAttribute(key)?.split(" ") ?? [];
      const own = ids.map((id) => (id.startsWith(OWN) ? id : OWN + id));
      if (own.length) element.setAttribute(key, own.join(" "));
    }
  dialog.setAttribute("aria-labelledby", OWN + TITLE);
}

// What was typed is the beginning of the form: a name, as a rule.
dialog?.addEventListener("htmx:afterSwap", () => {
  if (waiting) separate();
  const name = waiting && dialog.querySelector("[name=name]");
  if (name && !name.value) name.value = waiting.typed;
});

// The server then names the record instead of going to its page.
document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (waiting && dialog.contains(target)) detail.headers["X-Chosen"] = "1";
});

document.addEventListener("opsroom:created", ({ detail }) => {
  const { input, chosen } = waiting ?? {};
  if (input?.isConnected) chosen(input, detail);
});

// A scan into the form is seen in it, but nothing is made of what happened to be scanned.
let [quick, last] = [0, 0];
dialog?.addEventListener("keydown", (event) => {
  const isQuick = event.timeStamp - last <= FASTEST_HAND;
  if (event.key === "Enter" && waiting && isQuick && quick >= SHORTEST) {
    event.preventDefault();
    show("Scanned into this form. Save it yourself, or take the code out again.");
  }
  quick = event.key.length === 1 ? (isQuick ? quick : 0) + 1 : 0;
  last = event.timeStamp;
});

dialog?.addEventListener("close", () => {
  waiting?.input.focus();
  waiting = null;
  dialog.setAttribute("aria-labelledby", TITLE);
});

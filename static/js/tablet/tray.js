// The tray: what waits to be sent, and what was set aside, each with what may be done about it.
import { discard, retry } from "./outbox.js";

const button = document.querySelector("[data-tray]");
const list = document.querySelector("#tray ul");
const row = document.getElementById("tray-row").content;
const places = document.getElementById("tray");

const WAITS = "Waits for the connection.";

function said({ parked, isRefused }) {
  if (!parked) return WAITS;
  return isRefused ? `Not taken: ${parked}` : parked;
}

// A second tap: what is gone is gone.
function confirmed(one, act) {
  if (one.dataset.isAsked) return act();
  one.dataset.isAsked = "yes";
  one.textContent = "Discard it?";
}

function drawn(item) {
  const li = row.cloneNode(true).firstElementChild;
  const [again, away] = li.querySelectorAll("button");
  li.querySelector("strong").textContent = item.label;
  li.querySelector(".hint").textContent = said(item);
  again.hidden = item.isRefused || !item.parked;
  again.addEventListener("click", () => retry(item));
  if (item.isRefused) {
    away.textContent = "Seen";
    away.addEventListener("click", () => discard(item));
  } else {
    away.addEventListener("click", () => confirmed(away, () => discard(item)));
  }
  return li;
}

document.addEventListener("tablet:outbox", ({ detail }) => {
  const shown = detail.waiting.filter((item) => item.isHeld);
  const all = [...detail.parked, ...shown];
  button.hidden = !all.length;
  button.classList.toggle("waiting", detail.parked.length > 0);
  button.querySelector("span").textContent = `Tray: ${all.length}`;
  // What is being tapped is not drawn anew under the finger.
  const keys = all.map(({ key, parked }) => `${key}${parked ?? ""}`).join();
  if (keys !== list.dataset.keys) list.replaceChildren(...all.map(drawn));
  list.dataset.keys = keys;
  if (!all.length && places.matches(":popover-open")) places.hidePopover();
});

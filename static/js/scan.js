// At the desk, what a scanner types while no field has the focus opens the record. Hands type
// there, too: a code is long, quick as no hand is, and ends with Enter. In a form with lines a
// code is a code in whatever field it is typed, if it is typed quicker still.
import { show } from "./messages.js";
import { read } from "./scanner.js";

const SHORTEST = 6; // characters of a code
const FASTEST_HAND = 22; // milliseconds a key

function open(code) {
  if (document.querySelector("dialog:modal")) {
    show(`Scanned ${code}. Nothing is to be scanned before this is closed.`);
    return;
  }
  location.assign(`/search?${new URLSearchParams({ q: code, scan: 1 })}`);
}

function isScan(field, { code, began, last }) {
  const hasLines = Boolean(field.form?.querySelector("[data-lines]"));
  return hasLines && code.length >= SHORTEST && last - began <= FASTEST_HAND * code.length;
}

read({ shortest: SHORTEST, gap: 300, pace: 50, inField: isScan, unclaimed: open });

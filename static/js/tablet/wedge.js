// On a tablet everything that is typed comes from the scanner, but for what goes into a field.
import { isField, read } from "../scanner.js";

const GAP = 100; // milliseconds between two keys that no hand keeps up for long
const SHORTEST = 3; // characters of a code
const SHORTEST_IN_FIELD = 6; // of one that ended in a field for something else
const QUICK = 40; // milliseconds for each of its keys there, on average

const wedge = document.querySelector("[data-wedge]");

// In a field only a whole code, too quick for a hand, is a scan.
function isScanInField(field, { code, began, last }) {
  if (field.matches("[data-takes-scan]")) return false; // a carrier's code is typed into it
  if (field.matches("[data-scan-field]")) return code.length >= SHORTEST;
  return code.length >= SHORTEST_IN_FIELD && last - began < QUICK * code.length;
}

function focusWedge() {
  if (!isField(document.activeElement)) wedge?.focus({ preventScroll: true });
}

export function listen() {
  const { add, finish } = read({
    shortest: SHORTEST,
    gap: GAP,
    pace: GAP,
    dedicated: true,
    inField: isScanInField,
  });
  // Some tablets have no keys for what their scanner types, only text for whatever has the focus.
  wedge?.addEventListener("input", ({ timeStamp }) => {
    const text = wedge.value;
    wedge.value = "";
    for (const character of text) {
      if (character === "\n" || character === "\t") finish("Enter");
      else add(character, timeStamp);
    }
  });
  document.addEventListener("tablet:shown", focusWedge);
  document.addEventListener("click", () => setTimeout(focusWedge));
  focusWedge();
}

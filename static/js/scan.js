// At the desk, what a scanner types while no field has the focus opens the record. Hands type
// there, too: a code is long, quick as no hand is, and ends with Enter.
import { read } from "./scanner.js";

function open(code) {
  location.assign(`/search?${new URLSearchParams({ q: code, scan: 1 })}`);
}

read({ shortest: 6, gap: 300, pace: 50, unclaimed: open });

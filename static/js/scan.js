// A barcode scanner types like a keyboard, only faster, and ends with Enter. What it types
// while no field has the focus opens the record.
const SHORTEST = 6; // characters
const PAUSE = 50; // milliseconds between keys, on average, that no hand keeps up
const GAP = 300; // milliseconds after which a new code begins

let code = "";
let began = 0;
let last = 0;

function forget() {
  code = "";
}

function isScan(now) {
  return code.length >= SHORTEST && (now - began) / code.length < PAUSE;
}

function announce(detail) {
  return document.dispatchEvent(new CustomEvent("opsroom:scan", { detail, cancelable: true }));
}

document.addEventListener(
  "keydown",
  (event) => {
    const isFree = !event.target.matches("input, textarea, select, [contenteditable]");
    if (!isFree || event.ctrlKey || event.metaKey || event.altKey) return forget();
    const now = event.timeStamp;
    if (event.key === "Enter" && isScan(now)) {
      event.preventDefault(); // the button that has the focus is not pressed
      const address = `/search?${new URLSearchParams({ q: code, scan: 1 })}`;
      if (announce({ code })) location.assign(address);
      forget();
    } else if (event.key.length === 1) {
      if (now - last > GAP) forget();
      if (!code) began = now;
      code += event.key;
      last = now;
    }
  },
  true,
);

// A reader that types like a keyboard. What is read is the key, not the letter it stands for: on a
// French keyboard digits would be letters.
const GAP = 120; // milliseconds: nobody types a card number so fast
const SHORTEST = 4;
const DIGIT = /^(?:Digit|Numpad)(\d)$/;

let digits = "";
let last = 0;

// Call back with each card number. In a field, what a person types stays theirs; what was typed
// as fast as a reader does is taken out of it again.
export function listen(present) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const now = event.timeStamp; // of the key, however late a busy screen comes to it
      if (now - last > GAP) digits = "";
      const digit = DIGIT.exec(event.code)?.[1];
      const isEnd = event.code === "Enter" || event.code === "NumpadEnter";
      if (digit) {
        digits += digit;
        last = now;
      } else if (isEnd && digits.length >= SHORTEST) {
        event.preventDefault();
        event.stopPropagation();
        takeBack(event.target, digits.length);
        present(digits);
        digits = "";
      } else if (!event.code.startsWith("Shift")) {
        digits = "";
      }
    },
    { capture: true },
  );
}

function takeBack(field, length) {
  if (field instanceof HTMLInputElement) field.value = field.value.slice(0, -length);
}

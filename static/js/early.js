// Not deferred: what is pressed or scanned before the other scripts are here waits for them. Else
// a form would be sent without its question, a link would leave the page it opens over, and a code
// would be lost without a word.
{
  const FIELD = "input:not([data-wedge]), textarea, select, [contenteditable]";
  let pressed;
  const typed = [];

  const hold = (event) => {
    // A region fetches itself and is no link: what is ticked in it is ticked.
    const element = event.target.closest("button, a[hx-get]");
    if (!element || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = element;
  };

  // A blank or Enter alone is for the button with the focus; after a letter it is of a code.
  const keep = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches?.(FIELD)) return;
    const isLetter = event.key.length === 1 && event.key !== " ";
    const endsCode = [" ", "Enter", "Tab"].includes(event.key) && typed.length > 0;
    if (!isLetter && !endsCode) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // who is here already would hear it twice
    typed.push({ key: event.key, at: event.timeStamp });
  };

  // With the time of each key: a hand stays a hand.
  const type = ({ key, at }) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    Object.defineProperty(event, "timeStamp", { value: at });
    document.activeElement.dispatchEvent(event);
  };

  document.addEventListener("click", hold, true);
  document.addEventListener("keydown", keep, true);
  // Deferred scripts and modules have run by then, or could not be had; htmx begins with this
  // event, so it goes first.
  document.addEventListener("DOMContentLoaded", () =>
    setTimeout(() => {
      document.removeEventListener("click", hold, true);
      document.removeEventListener("keydown", keep, true);
      pressed?.click();
      typed.forEach(type);
    }),
  );
}

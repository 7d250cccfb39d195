// The screen between two scans: what the server answers takes its place.
const screen = document.getElementById("screen");
const refusal = document.getElementById("refusal");

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// Fields marked `data-keep` in which something is typed that nobody has saved, or that was
// refused: then the server has sent it back as it was typed.
export function unsaved() {
  return [...screen.querySelectorAll("[data-keep]")].filter(
    (field) => field.value !== field.defaultValue || field.dataset.keep === "refused",
  );
}

export function show(html) {
  const typed = unsaved().map(({ id, value }) => [id, value]);
  const inHand = document.activeElement?.matches("[data-keep]")
    ? document.activeElement.id
    : "";
  refusal.hidden = true;
  screen.replaceChildren(parsed(html));
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  (document.getElementById(inHand) ?? screen.querySelector("[autofocus]"))?.focus();
  document.dispatchEvent(new CustomEvent("tablet:shown"));
}

// Words in the red bar, above the screen there is.
export function say(words) {
  refusal.querySelector("p").textContent = words;
  refusal.hidden = false;
}

// A refusal that is no screen.
export function refuse(html) {
  const words = parsed(html).textContent.replace(/\s+/g, " ").trim();
  say(words || "This was refused. Open the page again.");
}

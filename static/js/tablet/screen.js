// The screen between two scans: what the server answers takes its place. Messages stand in a
// strip of their own, which is always there: nothing moves under the finger.
const screen = document.getElementById("screen");

export function parsed(html) {
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
  screen.replaceChildren(parsed(html));
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  (document.getElementById(inHand) ?? screen.querySelector("[autofocus]"))?.focus();
  document.dispatchEvent(new CustomEvent("tablet:shown", { detail: { html } }));
}

// Words in the strip: in a red bar, or in one of another kind that the layout has.
export function say(text, kind = "red-bar") {
  const bars = document.getElementById("bars").content;
  const bar = bars.querySelector(`.${kind}`).cloneNode(true);
  bar.querySelector("p").textContent = text;
  document.getElementById("strip")?.replaceChildren(bar);
}

// What a refusal says, whether it is a screen or not.
export function words(html) {
  const said = parsed(html);
  const text = (said.querySelector(".red-bar") ?? said).textContent.replace(/\s+/g, " ").trim();
  return text || "This was refused. Open the page again.";
}

export function refuse(html) {
  say(words(html));
}

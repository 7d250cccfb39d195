// What the server completes never takes away what is being typed. A button that has the focus is
// no such field: it would keep its old name and do the new thing.
document.addEventListener("htmx:beforeSwap", () => {
  const isTyped = Boolean(document.activeElement?.matches("input, select, textarea"));
  window.Idiomorph.defaults.ignoreActiveValue = isTyped;
});

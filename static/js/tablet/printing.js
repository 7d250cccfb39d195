// A shipping label is part of its page, and the browser prints nothing else of it.
document.addEventListener("click", ({ target }) => {
  const name = target.closest("[data-print]")?.dataset.print;
  const label = name && document.getElementById(name);
  if (!label) return;
  label.dataset.printed = "yes";
  window.print();
  delete label.dataset.printed;
});

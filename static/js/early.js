// Not deferred: what is pressed before the other scripts are here waits for them. Else a form
// would be sent without its question, and a link would leave the page it opens over.
{
  let pressed;

  const hold = (event) => {
    // A region fetches itself and is no link: what is ticked in it is ticked.
    const element = event.target.closest("button, a[hx-get]");
    if (!element || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    pressed = element;
  };

  document.addEventListener("click", hold, true);
  // Deferred scripts and modules have run by then, or could not be had; htmx begins with this
  // event, so it goes first.
  document.addEventListener("DOMContentLoaded", () =>
    setTimeout(() => {
      document.removeEventListener("click", hold, true);
      pressed?.click();
    }),
  );
}

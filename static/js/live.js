// News about what this page does not show are dropped: htmx would call them errors.
const isHere = (element) =>
  !element.id || element.hasAttribute("hx-swap-oob") || document.getElementById(element.id);

window.htmx.defineExtension("present", {
  transformResponse(text, request) {
    if (request) return text; // only what comes through the websocket has no request
    const news = document.createElement("template");
    news.innerHTML = text;
    for (const element of [...news.content.children]) if (!isHere(element)) element.remove();
    return news.innerHTML;
  },
});

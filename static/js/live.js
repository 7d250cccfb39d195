// Pages that stay true. What a websocket brings takes the place of what has its id; an element
// with `data-news` brings nothing itself: it names the regions of the page that are to ask for
// themselves again, as each person may see them.
//
// A region never asks for two answers at a time (htmx keeps the last event until the answer is
// here), else the older could come last and stay. So its news go to the region itself.
const PAUSE = 200; // milliseconds: many news in a row make one request

const isHere = (element) =>
  !element.id || element.hasAttribute("hx-swap-oob") || document.getElementById(element.id);

const due = new Set();

function refresh(region) {
  if (due.has(region)) return;
  due.add(region);
  setTimeout(() => {
    due.delete(region);
    window.htmx.trigger(region, "opsroom:news");
  }, PAUSE);
}

// Answers on their way, by the region they will fill: what a websocket brings meanwhile, they
// may not know of.
const awaited = new Map();

document.addEventListener("htmx:beforeSend", ({ detail: { target, xhr } }) => {
  awaited.set(target, (awaited.get(target) ?? 0) + 1);
  xhr.addEventListener("loadend", () => {
    const left = awaited.get(target) - 1;
    if (left) awaited.set(target, left);
    else awaited.delete(target);
  });
});

function refreshWhatIsAwaited(element) {
  const shown = document.getElementById(element.id);
  for (const region of awaited.keys()) if (region.contains(shown)) refresh(region);
}

function hear(element) {
  if (element.dataset.news === undefined) {
    refreshWhatIsAwaited(element);
    return;
  }
  document.querySelectorAll(element.dataset.news).forEach(refresh);
  element.remove();
}

window.htmx.defineExtension("present", {
  transformResponse(text, request) {
    if (request) return text; // only what comes through the websocket has no request
    const news = document.createElement("template");
    news.innerHTML = text;
    for (const element of [...news.content.children]) {
      if (isHere(element)) hear(element);
      else element.remove(); // not on this page: htmx would call it an error
    }
    return news.innerHTML;
  },
});

// What was announced after the page was drawn and before its socket stood: the server compares.
const { heard } = document.body.dataset;
window.htmx.createWebSocket = (address) =>
  new WebSocket(heard === undefined ? address : `${address}&heard=${heard}`);

// A socket that comes back has missed something: the regions that listen reload.
const opened = new WeakSet();
document.addEventListener("htmx:wsOpen", ({ target }) => {
  if (opened.has(target)) document.body.dispatchEvent(new Event("opsroom:back"));
  opened.add(target);
});

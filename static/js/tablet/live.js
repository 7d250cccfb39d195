// What happens elsewhere while somebody works here: the screen comes anew, with its sound where
// an order was taken away.
import { show } from "./screen.js";
import { play } from "./sounds.js";
import { waiting } from "./store.js";

const AGAIN = 5000; // milliseconds until a lost connection is tried again

let isBehind = false; // something has happened that the screen may not know of
let shown = 0; // screens so far

function topic() {
  return document.querySelector("[data-live]")?.dataset.live;
}

// The answer to a scan brings a screen too, but it may be older than the news: so the screen
// comes when none is awaited, and once more if one has come meanwhile.
async function reload() {
  isBehind = true;
  if (waiting().length) return;
  const before = shown;
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
  const screen = answer.ok ? await answer.text() : "";
  if (waiting().length) return;
  if (shown !== before) {
    await reload();
    return;
  }
  isBehind = false;
  if (screen) show(screen);
}

const reloadSoon = () => reload().catch(() => {});

// What was announced after the screen was drawn and before its socket stood is told as missed.
function address() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const { heard } = document.body.dataset;
  const since = heard === undefined ? "" : `&heard=${heard}`;
  return `${scheme}://${location.host}/ws?topics=${topic()}${since}`;
}

function connect({ isBack } = {}) {
  if (!topic()) return;
  const socket = new WebSocket(address());
  socket.addEventListener("open", () => isBack && reloadSoon());
  socket.addEventListener("message", ({ data }) => {
    const isFrozen = data.includes("data-frozen");
    if (!isFrozen && !data.includes("data-news")) return; // who else looks, and the like
    if (isFrozen) play("wrong");
    reloadSoon();
  });
  socket.addEventListener("close", () => setTimeout(connect, AGAIN, { isBack: true }));
}

document.addEventListener("tablet:shown", () => {
  shown += 1;
});
document.addEventListener("tablet:outbox", ({ detail }) => {
  if (isBehind && !detail.waiting.length) reloadSoon();
});
connect();

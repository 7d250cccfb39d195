// What happens elsewhere while somebody works here: the screen comes anew, with its sound.
import { show } from "./screen.js";
import { play } from "./sounds.js";
import { waiting } from "./store.js";

const AGAIN = 5000; // milliseconds until a lost connection is tried again

function topic() {
  return document.querySelector("[data-live]")?.dataset.live;
}

async function reload() {
  if (waiting().length) return; // the answer to what waits brings the screen
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" } });
  if (answer.ok) show(await answer.text());
}

function connect() {
  if (!topic()) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/ws?topics=${topic()}`);
  socket.addEventListener("message", ({ data }) => {
    if (!data.includes("data-frozen")) return; // who else looks, and the like
    play("wrong");
    reload().catch(() => {});
  });
  socket.addEventListener("close", () => setTimeout(connect, AGAIN));
}

connect();

// The screen at the door. What it shows comes by a websocket, and all of it anew whenever that
// was away; without a network the clock goes on, cards are kept, and it says so.
import { play, ready } from "../tablet/sounds.js";
import { set, tell } from "./clock.js";
import * as pad from "./pad.js";
import * as spool from "./spool.js";
import { listen } from "./wedge.js";

const SHOWN = 8000; // milliseconds that a greeting stays
const ASKED = 60_000; // between two looks whether all is well
const PATIENCE = 10_000; // for an answer
const LONGEST = 15_000; // between two attempts
const KEPT = "Your card is kept, and counts from now.";
const SOUNDS = { in: "line", out: "done", note: "held", problem: "wrong" };
const { stateHref, beatHref, punchesHref, pinsHref, socketHref } = document.body.dataset;
const connection = document.getElementById("connection");
const idle = document.getElementById("greeting").outerHTML;

let csrf = document.querySelector("meta[name=csrf]").content;
let shown = 0;
let failures = 0;
let trouble = "";
let socket = null;

function draw() {
  const kept = spool.waiting();
  const waits = kept ? `: ${kept} ${kept === 1 ? "card waits" : "cards wait"}` : "";
  connection.dataset.state = trouble ? "away" : "connected";
  const said = trouble ? `${trouble}${waits}` : "Connected";
  if (connection.textContent !== said) connection.textContent = said;
}

function say(why) {
  trouble = why;
  draw();
}

// Put in what came, each element in place of the one with its id.
function put(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const id of ["present", "greeting"]) {
    const element = parsed.getElementById(id);
    if (!element) continue;
    tell(element);
    document.getElementById(id).replaceWith(document.adoptNode(element));
    if (id === "greeting") greeted(element);
  }
}

function greeted({ dataset }) {
  if (!dataset.kind) return;
  play(SOUNDS[dataset.kind] ?? "ok");
  clearTimeout(shown);
  shown = setTimeout(() => put(idle), SHOWN);
}

function note(kind, words) {
  const element = document.createElement("section");
  element.id = "greeting";
  element.className = "greeting";
  element.dataset.kind = kind;
  const line = document.createElement("p");
  line.className = "hello";
  line.textContent = words;
  element.append(line);
  put(element.outerHTML);
}

async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, signal: AbortSignal.timeout(PATIENCE) });
  if (answer.redirected || answer.status === 401 || answer.status === 403) {
    throw new Error("This screen was switched off. Please tell the office");
  }
  return answer;
}

// Find out how everything is: who is in, what time it is, and the token that forms go with.
async function look() {
  const answer = await ask(stateHref);
  if (!answer.ok) throw new Error("The server does not answer");
  const state = await answer.json();
  csrf = state.csrf;
  set(state.now);
  put(state.html);
  say("");
}

function reason(error) {
  const isOurs = error.constructor === Error;
  return isOurs ? error.message : "No connection. The clock goes on, cards are kept";
}

function post(address, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  return ask(address, { method: "POST", headers, body: JSON.stringify(body) });
}

let sending = false;

// Send the cards that wait. What fails stays, and is tried with the next look.
async function send() {
  if (sending) return;
  sending = true;
  try {
    for (let body = spool.batch(); body; body = spool.batch()) {
      const answer = await post(punchesHref, body);
      if (!answer.ok) throw new Error("The server does not take the cards yet");
      const { items } = await answer.json();
      spool.acknowledge(items);
      const refused = items.find(({ outcome }) => outcome === "rejected");
      if (refused) note("problem", refused.reason);
    }
    draw();
  } catch (error) {
    say(reason(error));
  } finally {
    sending = false;
  }
}

// Whoever holds a card there is told that it counts, also where the server is gone only now.
async function present(card) {
  const isKnown = Boolean(trouble);
  try {
    spool.add(card);
  } catch {
    note("problem", "This card could not be noted. Please tell the office.");
    return;
  }
  if (isKnown) note("note", KEPT);
  await send();
  if (trouble && !isKnown) note("note", KEPT);
}

async function punch(fields) {
  try {
    const headers = { "X-CSRFToken": csrf, "X-Kiosk": "part" };
    const answer = await ask(pinsHref, { method: "POST", headers, body: fields });
    put(await answer.text());
    if (answer.ok) pad.clear();
  } catch (error) {
    note("problem", `A PIN needs the network: ${reason(error)}.`);
  }
}

async function refresh() {
  try {
    await look();
    await send();
    await post(beatHref, spool.state()); // so that nobody is called absent too early
  } catch (error) {
    say(reason(error));
  }
}

function connect() {
  socket = new WebSocket(socketHref);
  socket.addEventListener("open", () => {
    failures = 0;
    refresh(); // what happened while it was away
  });
  socket.addEventListener("message", ({ data }) => put(data));
  socket.addEventListener("close", () => {
    failures += 1;
    const longest = Math.min(500 * 2 ** failures, LONGEST);
    setTimeout(connect, longest * (0.5 + Math.random() / 2));
    refresh();
  });
}

for (const id of ["present", "greeting"]) tell(document.getElementById(id));
ready();
listen(present);
pad.listen(punch);
connect();
setInterval(refresh, ASKED);
for (const kind of ["online", "offline"]) addEventListener(kind, refresh);

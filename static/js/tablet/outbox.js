// One thing after the other: each scan is a small POST with an id of its own. What gets no
// answer is held, shown, and sent again with the same id until the server has said yes or no.
import { refuse, show } from "./screen.js";
import { play } from "./sounds.js";
import { change, drop, keep, waiting } from "./store.js";
import { uuid } from "./uuid.js";

const PATIENCE = 8000; // milliseconds for an answer
const PAUSES = [500, 1000, 2000, 4000, 8000, 15000]; // before it is sent again

let isSending = false;
let failures = 0;
let timer = 0;
let why = ""; // it waits: "offline", "server", "signed out"

export function post(url, fields) {
  keep({ id: uuid(), url, page: location.pathname, fields });
  resume();
}

// Send what waits. It is safe to call at any time.
export async function resume() {
  if (isSending) return;
  isSending = true;
  clearTimeout(timer);
  let next = waiting()[0];
  while (next && (await isAnswered(next))) [next] = waiting();
  isSending = false;
  tell();
}

async function isAnswered(item) {
  tell();
  let answer;
  let html;
  try {
    answer = await sent(item);
    html = await answer.text();
  } catch {
    return hold("offline");
  }
  if (answer.status >= 500 || answer.status === 429) return hold("server");
  if (answer.status === 401) return hold("signed out");
  if (answer.status === 400 && !item.isRenewed) return renew(item);
  const sound = answer.headers.get("X-Sound");
  if (answer.status < 400 && !sound) return hold("offline"); // not understood: not from us
  failures = 0;
  why = "";
  drop(item);
  settle(item, answer, html, sound);
  return true;
}

function sent({ id, url, fields }) {
  const headers = {
    "HX-Request": "true",
    "X-CSRFToken": document.querySelector("meta[name=csrf]").content,
  };
  const body = new URLSearchParams([...fields.filter(([name]) => name !== "id"), ["id", id]]);
  const signal = AbortSignal.timeout(PATIENCE);
  return fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
}

function settle(item, answer, html, sound) {
  const place = answer.headers.get("X-Place");
  if (item.page !== location.pathname) {
    if (!sound) refuse(html); // of another page: only what went wrong is news
  } else if (place && !waiting().length) {
    play(sound);
    setTimeout(() => location.assign(place), 150); // the sound would stop with the page
  } else if (sound) {
    show(html);
    play(sound);
  } else {
    refuse(html);
    play("wrong");
  }
}

function hold(reason) {
  if (!failures) play(reason === "offline" ? "wrong" : "server");
  why = reason;
  const pause = PAUSES[Math.min(failures, PAUSES.length - 1)];
  failures += 1;
  // Who is signed out has to do something first; then the page comes anew.
  if (reason !== "signed out") timer = setTimeout(resume, pause);
  return false;
}

// Somebody signed in anew in another tab, so the page's token is another session's.
function renew(item) {
  change({ ...item, isRenewed: true });
  location.reload();
  return false;
}

function tell() {
  const detail = { waiting: waiting().length, why };
  document.dispatchEvent(new CustomEvent("tablet:outbox", { detail }));
}

addEventListener("online", () => {
  failures = 0;
  resume();
});

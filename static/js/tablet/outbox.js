// One thing after the other: each scan is a small POST with an id of its own. What gets no
// answer is held, shown, and sent again with the same id until the server has said yes or no.
// An entry that is answered oddly while the server is well otherwise is parked: it would keep
// all that comes after it from being sent.
import { refuse, say, show, words } from "./screen.js";
import { askSession, token } from "./session.js";
import { play } from "./sounds.js";
import { change, drop, keep, parked, waiting } from "./store.js";
import { uuid } from "./uuid.js";

const PATIENCE = 8000; // milliseconds for an answer
const SLOW = 1500; // after which a scan without an answer is shown as held
const PAUSES = [500, 1000, 2000, 4000, 8000, 15000]; // before it is sent again
const ODD = 3; // answers that say neither yes nor no, from a server that is well

let isSending = false;
let failures = 0;
let timer = 0;
let why = ""; // it waits: "offline", "server", "signed out", "other person"
let place = ""; // where work goes on, once nothing waits

// `label` is what people call it: the code, or the words on the button.
export function post(url, fields, label) {
  const isBehind = why !== "" || !navigator.onLine || waiting().some((item) => item.isHeld);
  const item = { id: uuid(), url, page: location.pathname, fields, label };
  const key = keep(item);
  if (isBehind) hold({ ...item, key });
  else setTimeout(holdIfWaiting, SLOW, key);
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
  if (place && !next) setTimeout(() => location.assign(place), 150); // let the sound end
}

export function retry(item) {
  const { parked: _reason, isRefused: _isRefused, ...again } = item;
  change({ ...again, tries: 0, isRenewed: false });
  failures = 0;
  resume();
}

export function discard(item) {
  drop(item);
  tell();
}

async function isAnswered(item) {
  tell();
  const answer = await sent(item);
  if (!answer) return isParked(item, "offline");
  const sound = answer.headers.get("X-Sound");
  if (answer.status === 401) return wait("signed out");
  if (answer.status === 400 && !item.isRenewed) return isRenewed(item);
  if (answer.status === 429) return wait("server");
  if (answer.status >= 500) return isParked(item, "server");
  if (answer.status < 400 && !sound) return isParked(item, "offline"); // not from us
  failures = 0;
  why = "";
  drop(item);
  settle(item, answer, sound);
  return true;
}

async function sent({ id, url, fields }) {
  const headers = { "HX-Request": "true", "X-CSRFToken": token() };
  const body = new URLSearchParams([...fields.filter(([name]) => name !== "id"), ["id", id]]);
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const options = { method: "POST", headers, body, signal, redirect: "manual" };
    const answer = await fetch(url, options);
    return { status: answer.status, headers: answer.headers, html: await answer.text() };
  } catch {
    return null;
  }
}

function settle(item, { headers, html }, sound) {
  const isHere = item.page === location.pathname;
  const isWrong = !sound || sound === "wrong";
  // Nobody looks at the screen while what was held is sent: what went wrong is kept for them.
  if (isWrong && (item.isHeld || !isHere)) {
    const { key: _key, ...refused } = item;
    keep({ ...refused, parked: words(html), isRefused: true });
  }
  if (isHere && headers.get("X-Place")) {
    place = headers.get("X-Place");
  } else if (isHere && sound) {
    show(html);
  } else if (isWrong) {
    refuse(html);
  }
  if (isHere || isWrong) play(sound || "wrong");
  document.dispatchEvent(new CustomEvent("tablet:settled"));
}

// Whether the next in the queue may be sent, after no answer to this one, or an odd one.
async function isParked(item, reason) {
  const session = await askSession();
  const tries = session === "well" ? (item.tries ?? 0) + 1 : 0;
  if (tries < ODD) {
    change({ ...item, tries });
    return wait(session === "well" || session === "" ? reason : session);
  }
  failures = 0;
  why = "";
  change({ ...item, parked: "The server did not understand this, or could not answer it." });
  say(`Set aside: ${item.label}. Look into the tray above.`);
  play("wrong");
  document.dispatchEvent(new CustomEvent("tablet:settled"));
  return true;
}

// A token is of a session: whoever signed in again has another one.
async function isRenewed(item) {
  const session = await askSession();
  if (session !== "well") return wait(session || "offline");
  change({ ...item, isRenewed: true });
  return true;
}

function wait(reason) {
  why = reason;
  for (const item of waiting()) hold(item);
  const pause = PAUSES[Math.min(failures, PAUSES.length - 1)];
  failures += 1;
  // Who is signed out has to do something first; then the page comes anew.
  if (!["signed out", "other person"].includes(reason)) timer = setTimeout(resume, pause);
  return false;
}

// Each that is held is heard and seen, once.
function hold(item) {
  if (item.isHeld) return;
  change({ ...item, isHeld: true });
  say(`Held: ${item.label}. It is sent as soon as the server answers.`, "held-bar");
  play("held");
  tell();
}

function holdIfWaiting(key) {
  const item = waiting().find((one) => one.key === key);
  if (item) hold(item);
}

function tell() {
  const detail = { waiting: waiting(), parked: parked(), why };
  document.dispatchEvent(new CustomEvent("tablet:outbox", { detail }));
}

addEventListener("online", () => {
  failures = 0;
  resume();
});

// What was written and is not saved yet: sent in its order, each edit with a number of its own,
// so that what is sent twice counts once. It is kept in the browser until the server has said
// yes or no; no connection, a reload and an ended session lose nothing.
import { session } from "../session.js";
import { uuid } from "../tablet/uuid.js";
import { plain } from "./numbers.js";

const PAUSE = 400; // milliseconds in which keys are gathered
const PATIENCE = 15_000; // for an answer
const AGAIN = [1000, 2000, 5000, 15_000]; // before it is sent again
const MOST = 2000; // edits at once

export function queueOf({ cycle, url, answered, changed }) {
  const prefix = `opsroom:forecast:${document.body.dataset.person}:${cycle}:`;
  const waiting = stored(prefix);
  let number = Math.max(0, ...waiting.map((op) => op.order));
  let sending = null;
  let timer = 0;
  let failures = 0;
  let why = "";

  const cellOf = (op) => `${op.row_id}:${op.month}`;

  // Edits of cells; what waits for the same cell, and was never sent, gives way to them.
  function add(ops) {
    const last = new Map(waiting.map((op) => [cellOf(op), op]));
    for (const op of ops) {
      const older = last.get(cellOf(op));
      if (older && !older.isSent) {
        Object.assign(older, op, { version: older.version });
        keep(prefix, older);
      } else {
        number += 1;
        const made = { ...op, op_id: uuid(), order: number };
        if (older) made.version = null; // known when the one before is answered
        waiting.push(made);
        keep(prefix, made);
      }
    }
    why = why === "refused" ? why : "";
    later(PAUSE);
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
    changed();
  }

  // The first edit of each cell; a second one waits until the first is answered.
  function batch() {
    const seen = new Set();
    const chosen = [];
    for (const op of waiting) {
      if (seen.has(cellOf(op))) continue;
      seen.add(cellOf(op));
      chosen.push(op);
      if (chosen.length === MOST) break;
    }
    return chosen;
  }

  async function send() {
    if (sending || waiting.length === 0 || why === "refused") return;
    sending = batch();
    for (const op of sending) {
      op.isSent = true;
      keep(prefix, op);
    }
    changed();
    const answer = await ask(url, sending);
    const sent = sending;
    sending = null;
    await settle(answer, sent);
    changed();
  }

  async function settle(answer, sent) {
    if (answer?.status === 200) {
      failures = 0;
      why = "";
      take(answer.body, sent);
      if (waiting.length > 0) later(0);
    } else if (answer && [403, 404, 409, 413, 422].includes(answer.status)) {
      why = "refused";
      answered({ saved: [], conflicts: [], refused: answer.body?.error ?? "", sent });
    } else {
      // A token is of a session: who signed in again has another one, which this fetches.
      const state = answer ? await session() : "offline";
      why = state === "well" ? "offline" : state;
      later(AGAIN[Math.min(failures, AGAIN.length - 1)]);
      failures += 1;
    }
  }

  function take({ saved, conflicts, by }, sent) {
    const known = new Map(sent.map((op) => [op.op_id, op]));
    const done = new Set();
    for (const one of [...saved, ...conflicts]) done.add(known.get(one.op_id));
    const left = waiting.filter((op) => !done.has(op));
    waiting.splice(0, waiting.length, ...left);
    const following = new Map([...left].reverse().map((op) => [cellOf(op), op]));
    for (const one of [...saved, ...conflicts]) {
      const op = known.get(one.op_id);
      if (!op) continue;
      forget(prefix, op);
      const next = following.get(cellOf(op));
      if (next) {
        next.version = one.version;
        keep(prefix, next);
      }
      one.op = op;
      one.isBehind = Boolean(next);
    }
    answered({ saved, conflicts, by, refused: "", sent });
  }

  addEventListener("online", () => {
    failures = 0;
    if (waiting.length > 0 && why !== "refused") later(0);
  });

  return {
    add,
    waiting,
    resume: () => waiting.length > 0 && later(0),
    discard() {
      for (const op of waiting.splice(0)) forget(prefix, op);
      why = "";
      changed();
    },
    get why() {
      return why;
    },
  };
}

async function ask(url, ops) {
  const cells = ops.map(
    ({ op_id, row_id, month, version, quantity, reason, comment, source }) => ({
      ...{ op_id, row_id, month, version, reason, comment, source },
      quantity: plain(quantity),
    }),
  );
  const headers = {
    ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}"),
    Accept: "application/json",
    "Content-Type": "application/json",
  };
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const body = JSON.stringify({ cells });
    const options = { method: "POST", headers, body, signal, redirect: "manual" };
    const answer = await fetch(url, options);
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    return { status: answer.status, body: isJson ? await answer.json() : null };
  } catch {
    return null;
  }
}

// The browser's storage, an entry each; where there is none, memory must do.
function keep(prefix, op) {
  try {
    localStorage.setItem(prefix + op.op_id, JSON.stringify(op));
  } catch {
    // private mode, or full: it lives as long as the page
  }
}

function forget(prefix, op) {
  try {
    localStorage.removeItem(prefix + op.op_id);
  } catch {
    // it was never there
  }
}

function stored(prefix) {
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(prefix)) continue;
      const op = JSON.parse(localStorage.getItem(key));
      if (op?.op_id && op.row_id) found.push(op);
    }
  } catch {
    // no storage, or half written by something else
  }
  return found.sort((a, b) => a.order - b.order);
}

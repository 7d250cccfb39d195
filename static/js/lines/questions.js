// Asks the server to complete the rows of a form, one question at a time: what happens while it
// answers goes into the next one. So no answer overtakes another, and none comes to old rows.
import { session } from "../session.js";

const LONGEST = 10_000; // milliseconds for an answer
const PAUSES = [1_000, 2_000, 4_000, 8_000, 15_000]; // before the next try

const OFFLINE = "No connection. The lines are kept here and completed when it is back.";
const WORDS = {
  "signed out": "You are signed out. Sign in in another window, then go on here.",
  "other person": "Somebody else has signed in. Sign in as yourself, then go on here.",
};
const BROKEN = "The server could not answer. It is asked again.";

// `state` is that of the session, where that is the reason.
class Refused extends Error {
  constructor(words, state = "") {
    super(words);
    this.state = state;
  }
}

// A token that is refused may be that of an earlier session.
async function post(address, form, isRenewed = false) {
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(LONGEST),
  });
  const isOdd = answer.redirected || [400, 401].includes(answer.status);
  const state = isOdd ? await session() : "";
  if (WORDS[state]) throw new Refused(WORDS[state], state);
  if (state === "well" && !isRenewed) return post(address, form, true);
  if (answer.redirected || !answer.ok) throw new Refused(BROKEN);
  return answer.json();
}

// `sent` gives the rows as they are now, by number; `answered` takes an answer with the rows it
// was given to; `failed` takes the reason, in words, and the session's state if it is that.
export function questions(address, form, { sent, answered, failed }) {
  let isDue = false;
  let isAsking = false;
  let failures = 0;
  let timer = 0;

  async function turn() {
    clearTimeout(timer);
    if (isAsking || !isDue || !form.isConnected) return;
    isAsking = true;
    isDue = false;
    const rows = sent();
    try {
      const answer = await post(address, form);
      failures = 0;
      isAsking = false;
      answered(answer, rows);
    } catch (error) {
      isAsking = false;
      isDue = true;
      timer = setTimeout(turn, PAUSES[Math.min(failures++, PAUSES.length - 1)]);
      failed(error instanceof Refused ? error.message : OFFLINE, error.state);
      return;
    }
    turn();
  }

  function ask() {
    isDue = true;
    turn();
  }

  for (const back of ["online", "focus"]) addEventListener(back, turn);
  return { ask, isSettled: () => !isAsking && !isDue };
}

// A session may end while somebody types. What was typed stays on the page, and a message says
// why nothing was saved; once the person has signed in again, in another window, the forms of
// this page get the token of the new session.
import { show } from "./messages.js";
import { changed } from "./unsaved.js";

const URL = "/tablet/session";
const SIGN_IN = { href: "/session/new", label: "Sign in" };
const LONGEST = 10_000; // milliseconds for an answer
const NEXT = "What you typed is still here: sign in in another window, then save again.";
const WORDS = {
  "signed out": `Nothing was saved: you are signed out. ${NEXT}`,
  "other person": `Nothing was saved: somebody else has signed in here. ${NEXT}`,
  offline: "No connection. Nothing was saved.",
  gone: "Nothing was saved: the form was closed too soon.",
};

const { person } = document.body.dataset;

function renew(token) {
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

// "well", "signed out", "other person", or "offline" where nobody of ours answers.
export async function session() {
  try {
    const headers = { "HX-Request": "true" };
    const signal = AbortSignal.timeout(LONGEST);
    const answer = await fetch(URL, { headers, signal, redirect: "manual" });
    if (answer.status === 401) return "signed out";
    const now = await answer.json();
    if (String(now.person) !== person) return "other person";
    renew(now.csrf);
    return "well";
  } catch {
    return "offline";
  }
}

export function tell(state) {
  const link = ["offline", "gone"].includes(state) ? null : SIGN_IN;
  show(WORDS[state], { kind: "problem", link });
}

// A form that htmx sends. A refused token may be that of an earlier session: once, it is renewed.
const renewed = new WeakSet();

async function sendAgain(form) {
  renewed.add(form);
  const state = await session();
  if (!form.isConnected) tell("gone");
  else if (state === "well") form.requestSubmit(form.querySelector(".submit"));
  else tell(state);
}

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { elt, xhr, requestConfig } = event.detail;
  const isSent = requestConfig.verb !== "get";
  if (xhr.status === 401 && changed()) {
    event.preventDefault(); // the sign-in would take the place of what was typed
    if (isSent) tell("signed out");
  } else if (xhr.status === 400 && isSent && elt.matches("form") && !renewed.has(elt)) {
    event.preventDefault();
    sendAgain(elt);
  } else {
    renewed.delete(elt);
  }
});

// A form that the browser sends leaves the page: so the session is asked for before.
const asking = new WeakSet();
const asked = new WeakSet();

async function sendIfWell(form, submitter) {
  asking.add(form);
  const state = await session();
  asking.delete(form);
  if (state !== "well") return tell(state);
  asked.add(form);
  form.requestSubmit(submitter);
}

document.addEventListener(
  "submit",
  (event) => {
    const { target: form, submitter } = event;
    const isPlain = form.matches(
      "form[method=post][data-unsaved]:not([hx-post], [data-confirm])",
    );
    if (!person || !isPlain || asked.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!asking.has(form)) sendIfWell(form, submitter);
  },
  true,
);

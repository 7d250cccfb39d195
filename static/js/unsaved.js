// Leaving a form that was changed asks first: `data-unsaved` on the form, in a page or a dialog.
import { ask } from "./confirm.js";

const QUESTION = { question: "Leave without saving? What you typed is lost.", yes: "Leave" };

const opened = new WeakMap(); // what stood in a form when it opened; nothing if it came back

const isSaid = ([name, value]) => name !== "csrf_token" && value !== "";
const content = (form) => JSON.stringify([...new FormData(form)].filter(isSaid));
const isRefused = (form) => form.querySelector("[aria-invalid], [role=alert]");

export const changed = () =>
  [...document.querySelectorAll("form[data-unsaved]:not([data-left])")].find(
    (form) => opened.has(form) && opened.get(form) !== content(form),
  );

function begin(root) {
  for (const form of root.querySelectorAll("form[data-unsaved]"))
    if (!opened.has(form)) opened.set(form, isRefused(form) ? "" : content(form));
}

// Do something that throws away the form in an element, after asking if it was changed.
export function leave(element, act) {
  const form = changed();
  if (form && element.contains(form)) ask(QUESTION, act);
  else act();
}

addEventListener("beforeunload", (event) => changed() && event.preventDefault());

// Something else would take the place of the form.
document.addEventListener("htmx:confirm", (event) => {
  const form = changed();
  const { target, elt, issueRequest } = event.detail;
  if (!form || elt === form || !target?.contains?.(form) || target === document.body) return;
  event.preventDefault();
  ask(QUESTION, () => issueRequest(true));
});

// A form that was saved may be left; one that stays has been saved as it stands.
document.addEventListener("htmx:beforeOnLoad", ({ target, detail: { xhr } }) => {
  if (xhr.status >= 400 || !target.matches?.("form[data-unsaved]")) return;
  if (xhr.getResponseHeader("HX-Redirect")) target.dataset.left = "";
  else if (xhr.status === 204) opened.set(target, content(target));
});
document.addEventListener("submit", ({ target, defaultPrevented }) => {
  if (!defaultPrevented && target.matches("form[data-unsaved]")) target.dataset.left = "";
});

begin(document);
document.addEventListener("htmx:load", ({ target }) => begin(target.parentElement ?? target));

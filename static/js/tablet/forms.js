// Forms of a screen go through the outbox: `data-scan` takes the codes, `data-tap` the buttons.
// One with `data-last` ends the screen: what is typed elsewhere and not saved would be lost.
import { post } from "./outbox.js";
import { say, unsaved } from "./screen.js";

function fieldsOf(form, submitter) {
  return [...new FormData(form, submitter).entries()].filter(([name]) => name !== "csrf_token");
}

function sendCode(form, code) {
  const others = fieldsOf(form).filter(([name]) => name !== "code");
  post(form.action, [...others, ["code", code]]);
}

document.addEventListener("opsroom:scan", ({ detail }) => {
  const form = document.querySelector("form[data-scan]");
  if (form) sendCode(form, detail.code);
  else say(`Scanned ${detail.code}. Nothing is to be scanned on this screen.`);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-scan]")) {
    event.preventDefault();
    const field = form.querySelector("[data-scan-field]");
    const code = field.value.trim();
    field.value = "";
    if (code) sendCode(form, code);
  } else if (form.matches("[data-tap]")) {
    event.preventDefault();
    if (form.dataset.isSent) return; // a second tap, before the answer
    form.dataset.isSent = "yes";
    post(form.action, fieldsOf(form, event.submitter));
  } else if (form.matches("[data-last]")) {
    const [field] = unsaved();
    if (!field) return;
    event.preventDefault();
    say(`${field.form.ariaLabel}: what you typed is not saved yet.`);
    field.focus();
  }
});

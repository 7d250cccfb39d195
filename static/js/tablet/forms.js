// Every form of a screen goes through the outbox: `data-scan` takes the codes, the others are
// buttons. One with `data-last` ends the screen: what is typed elsewhere and not saved would
// be lost.
import { post } from "./outbox.js";
import { say, unsaved } from "./screen.js";

const screen = document.getElementById("screen");

function fieldsOf(form, submitter) {
  return [...new FormData(form, submitter).entries()].filter(([name]) => name !== "csrf_token");
}

function sendCode(form, code) {
  const others = fieldsOf(form).filter(([name]) => name !== "code");
  post(form.action, [...others, ["code", code]], code);
}

document.addEventListener("opsroom:scan", ({ detail }) => {
  const form = document.querySelector("form[data-scan]");
  if (form) sendCode(form, detail.code);
  else say(`Scanned ${detail.code}. Nothing is to be scanned on this screen.`);
});

function sendTyped(form) {
  const field = form.querySelector("[data-scan-field]");
  const code = field.value.trim();
  field.value = "";
  if (code) sendCode(form, code);
}

function sendTap(form, submitter) {
  const [field] = form.matches("[data-last]") ? unsaved() : [];
  if (field) {
    say(`${field.form.ariaLabel}: what you typed is not saved yet.`);
    field.focus();
  } else if (!form.dataset.isSent) {
    form.dataset.isSent = "yes"; // a second tap, before the answer, is none
    for (const typed of form.querySelectorAll("[data-keep]")) typed.defaultValue = typed.value;
    const button = submitter ?? form.querySelector("button:not([type=button])");
    post(form.action, fieldsOf(form, submitter), button?.textContent.trim() || "a tap");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || !screen.contains(form)) return;
  event.preventDefault();
  if (form.matches("[data-scan]")) sendTyped(form);
  else sendTap(form, event.submitter);
});

document.addEventListener("tablet:settled", () => {
  for (const form of screen.querySelectorAll("[data-is-sent]")) delete form.dataset.isSent;
});

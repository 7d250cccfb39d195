// Ask before a change: `data-confirm` is the question, `data-confirm-yes` the answer's name.
const dialog = document.getElementById("confirm");
const question = document.getElementById("confirm-question");
const yes = dialog.querySelector("[value=yes]");

export function ask({ question: text, yes: label = "Continue", isDanger = false }, act) {
  question.textContent = text;
  yes.textContent = label;
  yes.className = isDanger ? "btn danger primary" : "btn primary";
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && act(), { once: true });
  dialog.showModal();
}

// While somebody reads the question, the region of the form may refresh itself: the form may
// be gone then, or have become another. So a copy of what was asked about is sent.
function copied(form) {
  const copy = form.cloneNode(true);
  delete copy.dataset.confirm;
  copy.hidden = true;
  copy.addEventListener("htmx:afterRequest", () => copy.remove());
  return copy;
}

function send(form) {
  document.body.append(form);
  window.htmx.process(form);
  form.requestSubmit(form.querySelector("button"));
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("[data-confirm]")) return;
    event.preventDefault();
    event.stopPropagation();
    const copy = copied(form);
    const { confirm: question, confirmYes: yes } = form.dataset;
    const isDanger = Boolean(form.querySelector(".btn.danger"));
    ask({ question, yes, isDanger }, () => send(copy));
  },
  true,
);

// Ask before a change: `data-confirm` is the question, `data-confirm-yes` the answer's name.
const dialog = document.getElementById("confirm");
const question = document.getElementById("confirm-question");
const yes = dialog.querySelector("[value=yes]");

function ask(asked, act) {
  const isDanger = asked.matches(".danger") || asked.querySelector(".btn.danger");
  question.textContent = asked.dataset.confirm;
  yes.textContent = asked.dataset.confirmYes || "Continue";
  yes.className = isDanger ? "btn danger primary" : "btn primary";
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && act(), { once: true });
  dialog.showModal();
}

// A request of htmx waits for the answer.
document.addEventListener("htmx:confirm", (event) => {
  const asked = event.detail.elt;
  if (!asked.matches("[data-confirm]")) return;
  event.preventDefault();
  ask(asked, () => event.detail.issueRequest(true));
});

// So does a plain form; a button may carry a question of its own.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const asked = event.submitter?.matches("[data-confirm]") ? event.submitter : form;
    if (!asked.matches("[data-confirm]") || form.matches("[hx-post]")) return;
    if ("confirmed" in form.dataset) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    ask(asked, () => {
      form.dataset.confirmed = "";
      form.requestSubmit(event.submitter);
    });
  },
  true,
);

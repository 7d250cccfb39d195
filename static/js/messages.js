// Short messages below: what was done, what failed, and the way to take it back.
const messages = document.getElementById("messages");
const SECONDS = 6;
const SECONDS_TO_ACT = 15;

// `link` is where something can be done about it, in a window of its own: the page stays.
export function show(text, { kind = "", undo = "", link = null } = {}) {
  const message = document.createElement("div");
  message.className = `message ${kind}`;
  message.append(Object.assign(document.createElement("p"), { textContent: text }));
  if (undo) message.append(undoButton(undo));
  if (link) message.append(linkTo(link));
  messages.append(message);
}

// `undo` is where a POST takes it back, or a function that does.
function undoButton(undo) {
  const button = document.createElement("button");
  button.className = "btn quiet";
  button.textContent = "Undo";
  button.addEventListener("click", () => {
    button.closest(".message").remove();
    if (typeof undo === "function") undo();
    else window.htmx.ajax("POST", undo, { source: document.body, swap: "none" });
  });
  return button;
}

function linkTo({ href, label }) {
  const link = document.createElement("a");
  Object.assign(link, { className: "btn quiet", href, target: "_blank", textContent: label });
  return link;
}

// A modal dialog covers the page; as a popover the messages stand above it.
function raise() {
  messages.popover = "manual";
  if (messages.matches(":popover-open")) messages.hidePopover();
  messages.showPopover();
}

function lower() {
  if (messages.matches(":popover-open")) messages.hidePopover();
  messages.popover = null;
}

// Messages go by themselves, but never from under the pointer or the focus.
function leave(message, seconds) {
  setTimeout(() => {
    if (message.matches(":hover, :focus-within")) leave(message, 2);
    else message.remove();
  }, seconds * 1000);
}

function attend() {
  for (const message of messages.querySelectorAll(".message:not([data-timed])")) {
    message.dataset.timed = "";
    const needsCare = message.matches(".problem, :has(.btn)");
    leave(message, needsCare ? SECONDS_TO_ACT : SECONDS);
  }
  if (messages.childElementCount && document.querySelector("dialog:modal")) raise();
  else lower();
}
new MutationObserver(attend).observe(messages, { childList: true });
attend();

document.addEventListener("opsroom:saved", ({ detail }) => show(detail.message, detail));

// A refusal that names its place is shown there; anything else that fails says so.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.getResponseHeader("HX-Retarget")) detail.shouldSwap = true;
  else if (detail.xhr.status >= 400 && detail.xhr.status !== 422)
    show("The server could not answer. Please try again.", { kind: "problem" });
});
document.addEventListener("htmx:sendError", () =>
  show("No connection. Nothing was saved.", { kind: "problem" }),
);

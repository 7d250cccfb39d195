// The command bar: Ctrl-K, Cmd-K or a slash opens it; arrows choose, Enter goes there.
const dialog = document.getElementById("command");
const form = dialog?.querySelector("form");
const input = dialog?.querySelector("[role=combobox]");
const results = dialog?.querySelector("[role=listbox]");

const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");
const options = () => [...results.querySelectorAll("a[role=option]")];
const chosen = () => results.querySelector("[aria-selected=true]");

let answered = ""; // the words whose hits are on show

function open() {
  if (document.querySelector("dialog:modal")) return;
  dialog.showModal();
  input.select();
}

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function move(distance) {
  const all = options();
  if (!all.length) return;
  const at = all.indexOf(chosen());
  const next = at < 0 && distance < 0 ? all.length - 1 : at + distance;
  choose(all[(next + all.length) % all.length]);
}

// Enter takes the chosen hit, or the first; without hits for these words, the search page.
function go(event) {
  const hit = chosen() ?? (answered === input.value && options()[0]);
  if (!hit) return;
  event.preventDefault();
  location.assign(hit.href);
}

// The words may have changed while the hits were on their way.
function shown({ detail }) {
  answered = detail.requestConfig.parameters.q;
  input.setAttribute("aria-expanded", String(options().length > 0));
  choose(answered === input.value ? options()[0] : null);
}

function clear() {
  input.value = answered = "";
  results.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  choose(null);
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  } else if (event.key === "/" && !isTyping(event.target) && !dialog.open) {
    event.preventDefault();
    open();
  }
}

if (dialog) {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    if (!event.target.closest("[data-command]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    }
  });
  // Hits of other words than those typed now must not be taken by Enter.
  input.addEventListener("input", () => choose(null));
  form.addEventListener("submit", go);
  results.addEventListener("htmx:afterSwap", shown);
  dialog.addEventListener("close", clear);
}

// The list box below a combobox: a popover beside its field, so that nothing cuts it off and no
// dialog covers it. There is one at most: that of the field with the focus.
const GAP = 2; // pixels between field and list
const ID = "combobox-list";

const LONGEST = 10_000; // milliseconds for an answer

const shown = () => document.getElementById(ID);
const NONE = { options: () => [], active: () => null, move() {}, choose() {} };

const optionsIn = (list) => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];

// The options for what is typed, as the server draws them. Without an answer nothing is offered,
// and a code can still be typed.
export async function choicesFor(input, term) {
  const address = new URL(input.dataset.choices, location.href);
  address.searchParams.set("q", term);
  const signal = AbortSignal.timeout(LONGEST);
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal });
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    return null;
  }
}

// The same, of a list that nobody sees.
export function offered(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return optionsIn(template.content);
}

export function listOf(input) {
  const list = shown();
  if (!list || list.owner !== input) return NONE;
  const options = () => optionsIn(list);
  const active = () => list.querySelector("[aria-selected=true]");

  function choose(option) {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  // After the last one comes the field itself, and then the first again.
  function move(distance) {
    const all = [...options(), null];
    const at = all.indexOf(active());
    choose(all[(at + distance + all.length) % all.length]);
  }

  return { options, active, move, choose };
}

export function open(input, html) {
  close(shown()?.owner);
  const list = document.createElement("ul");
  Object.assign(list, { id: ID, className: "combobox-list", role: "listbox", owner: input });
  list.popover = "manual";
  list.ariaLabel = "Choices";
  list.innerHTML = html;
  if (!list.childElementCount) return;
  for (const [number, option] of [...list.children].entries()) option.id = `${ID}-${number}`;
  input.after(list);
  list.showPopover();
  input.ariaExpanded = "true";
  input.setAttribute("aria-controls", ID);
  place();
}

export function close(input) {
  const list = shown();
  if (!input || list?.owner !== input) return;
  list.remove();
  input.ariaExpanded = "false";
  input.removeAttribute("aria-controls");
  input.removeAttribute("aria-activedescendant");
}

// Below its field, or above it where there is more room.
export function place() {
  const list = shown();
  if (!list) return;
  const field = list.owner.getBoundingClientRect();
  const below = innerHeight - field.bottom;
  const isBelow = below >= Math.min(list.offsetHeight + GAP, field.top);
  list.style.minWidth = `${field.width}px`;
  list.style.maxHeight = `${(isBelow ? below : field.top) - 2 * GAP}px`;
  const left = Math.min(field.left, innerWidth - list.offsetWidth - GAP);
  list.style.left = `${Math.max(left, GAP)}px`;
  list.style.top = `${isBelow ? field.bottom + GAP : field.top - list.offsetHeight - GAP}px`;
}

// Menus close when one looks elsewhere; only one is open.
const closed = (menu) => menu.removeAttribute("open");
const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) {
    const isChoice = event.target.closest(".menu-items :is(a, button), .sheet a");
    if (!menu.contains(event.target) || isChoice) closed(menu);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    closed(menu);
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("focusin", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) closed(menu);
});

// What a person has opened stays open while the region around it refreshes itself.
window.Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) =>
  !(name === "open" && element.matches("details"));

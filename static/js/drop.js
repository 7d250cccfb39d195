// File fields take what is dropped on them. Until this runs they are the browser's own.
function prepare(root) {
  for (const zone of root.querySelectorAll("[data-drop]:not(.ready)"))
    zone.classList.add("ready");
}

function name(zone) {
  const { files } = zone.querySelector("input");
  zone.querySelector(".drop-name").textContent = [...files].map((file) => file.name).join(", ");
}

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    zone?.classList.toggle("over", kind === "dragover");
  });
}

document.addEventListener("change", (event) => {
  const zone = event.target.closest("[data-drop]");
  if (zone) name(zone);
});

document.addEventListener("htmx:load", (event) =>
  prepare(event.target.parentElement ?? document),
);
prepare(document);

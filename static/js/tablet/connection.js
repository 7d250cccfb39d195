// The state of the connection in the top bar, and how many scans wait for it.
const place = document.getElementById("connection");

const WHY = {
  offline: "No connection",
  server: "The server does not answer",
  "signed out": "Signed out",
};

let outbox = { waiting: 0, why: "" };

const scans = (number) => (number === 1 ? "1 scan waits" : `${number} scans wait`);

function draw() {
  const why = outbox.why || (navigator.onLine ? "" : "offline");
  const words = [WHY[why] ?? "Connected"];
  if (why && outbox.waiting) words.push(scans(outbox.waiting));
  place.dataset.state = why || "connected";
  place.querySelector("span").textContent = words.join(": ");
  place.querySelector("a").hidden = why !== "signed out";
}

document.addEventListener("tablet:outbox", ({ detail }) => {
  outbox = detail;
  draw();
});
for (const kind of ["online", "offline"]) addEventListener(kind, draw);
draw();

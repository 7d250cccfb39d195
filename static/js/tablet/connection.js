// The state of the connection in the top bar, and how many scans wait for it.
const place = document.getElementById("connection");

const WHY = {
  offline: "No connection",
  server: "The server does not answer",
  "signed out": "Signed out",
  "other person": "Somebody else has signed in",
};

let outbox = { waiting: [], why: "" };

const scans = (number) => (number === 1 ? "1 scan waits" : `${number} scans wait`);

function draw() {
  const why = outbox.why || (navigator.onLine ? "" : "offline");
  const said = [WHY[why] ?? "Connected"];
  if (why && outbox.waiting.length) said.push(scans(outbox.waiting.length));
  place.dataset.state = why || "connected";
  place.querySelector("span").textContent = said.join(": ");
  place.querySelector("a").hidden = why !== "signed out";
}

document.addEventListener("tablet:outbox", ({ detail }) => {
  outbox = detail;
  draw();
  // Their scans stay on the tablet, for when they are back; this page is not theirs any more.
  if (outbox.why === "other person") location.reload();
});
for (const kind of ["online", "offline"]) addEventListener(kind, draw);
draw();

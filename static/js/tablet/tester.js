// The scanner's test page: how fast a code came in, and how it ended.
const place = () => document.getElementById("timing");

let last = "";

function words({ code, source, suffix, milliseconds }) {
  if (source === "camera") return "By the camera.";
  const each = milliseconds / Math.max(code.length - 1, 1);
  const end = suffix === "pause" ? "a pause" : suffix;
  return `${code.length} characters in ${milliseconds} ms, ${each.toFixed(1)} ms each, then ${end}.`;
}

function draw() {
  if (place()) place().textContent = last;
}

document.addEventListener("opsroom:scan", ({ detail }) => {
  last = words(detail);
});
document.addEventListener("tablet:shown", draw);

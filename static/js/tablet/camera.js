// The camera in place of a scanner, where the browser can read barcodes by itself.
import { announce } from "../scanner.js";

const AGAIN = 1500; // milliseconds until the same code, still in view, is read once more
const EVERY = 120;
const WISHES = { facingMode: "environment", width: { ideal: 1280 } };

const dialog = document.getElementById("camera");
const video = dialog?.querySelector("video");
const button = document.querySelector("[data-camera]");

let stream = null;
let seen = { code: "", at: 0 };

async function open() {
  dialog.showModal();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: WISHES });
  } catch {
    dialog.querySelector("p").textContent = "The camera cannot be used. May this page use it?";
    return;
  }
  video.srcObject = stream;
  await video.play();
  look(new window.BarcodeDetector());
}

async function look(detector) {
  while (dialog.open && stream) {
    const [found] = await detector.detect(video).catch(() => []);
    if (found) report(found.rawValue);
    await new Promise((resume) => setTimeout(resume, EVERY));
  }
}

function report(code) {
  const now = performance.now();
  if (code !== seen.code || now - seen.at > AGAIN) announce(code, { source: "camera" });
  seen = { code, at: now };
}

function close() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
}

if (button && "BarcodeDetector" in window && navigator.mediaDevices) {
  button.hidden = false;
  button.addEventListener("click", open);
  dialog.addEventListener("close", close);
}

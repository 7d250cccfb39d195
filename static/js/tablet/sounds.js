// What a scan sounds like, so that nobody has to look. Browsers stay silent until the first
// tap; the button in the top bar starts the sound, and later mutes it.
const SOUNDS = {
  ok: [[880, 0, 0.09]],
  line: [
    [880, 0, 0.09],
    [1320, 0.1, 0.14],
  ],
  done: [
    [660, 0, 0.12],
    [880, 0.13, 0.12],
    [1320, 0.26, 0.28],
  ],
  held: [
    [520, 0, 0.08, "triangle"],
    [520, 0.14, 0.08, "triangle"],
  ],
  wrong: [[170, 0, 0.45, "sawtooth"]],
};
const LOUD = 0.25;
const MUTED = "opsroom:muted";
const AFTER_KEYS = 150; // milliseconds after the last key

const button = document.querySelector("[data-sound]");
const label = button?.querySelector("span");

let audio = null;

const isMuted = () => localStorage.getItem(MUTED) === "yes";

function start() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume().then(draw, () => {});
  draw();
}

function draw() {
  if (!button) return;
  const isWaiting = audio?.state !== "running";
  const words = isMuted() ? "Sound off" : isWaiting ? "Start sound" : "Sound on";
  label.textContent = words;
  button.classList.toggle("waiting", isWaiting && !isMuted());
  button.setAttribute("aria-pressed", String(!isMuted() && !isWaiting));
}

function tone([frequency, after, length, shape = "sine"]) {
  const [oscillator, volume] = [audio.createOscillator(), audio.createGain()];
  const from = audio.currentTime + after;
  oscillator.type = shape;
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(LOUD, from);
  volume.gain.exponentialRampToValueAtTime(0.001, from + length); // no click at the end
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(from);
  oscillator.stop(from + length);
}

export function play(name) {
  document.dispatchEvent(new CustomEvent("tablet:sound", { detail: { name } }));
  if (name === "wrong") navigator.vibrate?.(200);
  if (isMuted() || audio?.state !== "running") return;
  for (const part of SOUNDS[name] ?? []) tone(part);
}

function onButton() {
  const isFirst = audio?.state !== "running" && !isMuted();
  localStorage.setItem(MUTED, isFirst || isMuted() ? "no" : "yes");
  start();
  if (!isMuted()) play("ok");
}

export function ready() {
  button?.addEventListener("click", onButton);
  // Any other tap starts it as well; so does a key, and a scanner is one. It takes a device a tenth
  // of a second and more: not between two keys of a code, which would lose the first of them.
  let timer = 0;
  for (const kind of ["pointerup", "keydown"]) {
    document.addEventListener(kind, (event) => {
      if (button?.contains(event.target) || audio?.state === "running") return;
      clearTimeout(timer);
      timer = setTimeout(start, AFTER_KEYS);
    });
  }
  draw();
}

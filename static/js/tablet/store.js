// What has not been answered yet, an entry each in the browser's storage: it outlives a reload,
// an ended session and an empty battery. Every person has their own; where nothing can be
// stored, memory must do. An entry waits, or it is `parked` with the reason: then nothing
// waits for it, and a person says in the tray what becomes of it.
const PREFIX = `opsroom:waiting:${document.body.dataset.person}:`;

const memory = new Map();
let number = 0;

function write(key, item) {
  memory.set(key, item);
  try {
    localStorage.setItem(key, JSON.stringify(item));
  } catch {
    // private mode, or full: it lives as long as the page
  }
}

function read(key) {
  try {
    const item = JSON.parse(localStorage.getItem(key));
    return item?.id && item.url && Array.isArray(item.fields) ? item : null;
  } catch {
    return null; // half written, or not ours: it keeps nothing else from being sent
  }
}

function stored() {
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    // no storage
  }
  return new Map(keys.map((key) => [key, read(key)]).filter(([, item]) => item));
}

// In the order in which they were scanned, whichever page they belong to.
function entries() {
  const all = new Map([...memory, ...stored()]);
  return [...all.keys()].sort().map((key) => ({ ...all.get(key), key }));
}

export const waiting = () => entries().filter((item) => !item.parked);
export const parked = () => entries().filter((item) => item.parked);

export function keep(item) {
  number += 1;
  const order = `${Date.now().toString().padStart(15, "0")}-${String(number).padStart(6, "0")}`;
  const key = `${PREFIX}${order}-${item.id}`;
  write(key, item);
  return key;
}

export function change({ key, ...item }) {
  write(key, item);
}

export function drop({ key }) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // it was never there
  }
}

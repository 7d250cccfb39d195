// What has not been answered yet, an entry each in the browser's storage: it outlives a reload
// and an empty battery. Every person has their own; where nothing can be stored, memory must do.
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

function stored() {
  const found = new Map();
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX)) found.set(key, JSON.parse(localStorage.getItem(key)));
    }
    return found;
  } catch {
    return memory;
  }
}

// In the order in which they were scanned, whichever page they belong to.
export function waiting() {
  const all = new Map([...stored(), ...memory]);
  return [...all.keys()].sort().map((key) => ({ ...all.get(key), key }));
}

export function keep(item) {
  number += 1;
  const order = `${Date.now().toString().padStart(15, "0")}-${String(number).padStart(6, "0")}`;
  write(`${PREFIX}${order}-${item.id}`, item);
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

// Cards that were presented here wait in the browser until the server has them: each under a
// number of its own, so that none counts twice however often it is sent.
import { uuid } from "../tablet/uuid.js";

const KEY = "opsroom:kiosk:punches";
const BATCH = 100;
// One counter for each load of the page: `performance.now()` begins anew with it, too.
const boot = uuid();

let seq = 0;

const load = () => JSON.parse(localStorage.getItem(KEY) ?? "[]");
const save = (punches) => localStorage.setItem(KEY, JSON.stringify(punches));
const moment = () => ({ at: new Date().toISOString(), uptime: performance.now() / 1000 });
const keyOf = (punch) => `${punch.boot_id} ${punch.device_seq}`;

export const waiting = () => load().length;

// Keep a card; when this returns, it is kept. Throws if the browser keeps nothing.
export function add(credential) {
  seq += 1;
  save([...load(), { boot_id: boot, device_seq: seq, credential, ...moment() }]);
}

// Give what waited longest, as the server wants it, or nothing.
export function batch() {
  const punches = load().slice(0, BATCH);
  if (!punches.length) return null;
  const { at: now, uptime } = moment();
  return { boot_id: boot, now, uptime, punches };
}

// Say how many wait, and up to when none does.
export function state() {
  const punches = load();
  const { at: now, uptime } = moment();
  const watermark = punches.length ? punches[0].at : now;
  return { boot_id: boot, now, uptime, watermark, queued: punches.length };
}

// Forget what the server has answered.
export function acknowledge(items) {
  const done = new Set(items.map(keyOf));
  save(load().filter((punch) => !done.has(keyOf(punch))));
}

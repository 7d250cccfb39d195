// A reload without network: the service worker gives the pages that this tablet has kept, and
// here the last screen takes its place in them. Browsers have both only where the page came by
// HTTPS or from this machine; elsewhere a shift needs its network to open a page.
import { show } from "./screen.js";

const PAGES = "opsroom-tablet-pages"; // of one sign-in: `worker.js` empties it
const ASSETS = "opsroom-tablet-assets";
const OFFLINE = "/tablet/offline";
const SCREEN = "/tablet/kept-screen";

const path = location.pathname;

async function keepPages() {
  const pages = await caches.open(PAGES);
  if (!(await pages.match(OFFLINE))) await pages.add(OFFLINE);
  // The very first page was loaded before there was a worker.
  if (!(await pages.match(path))) await pages.add(path);
  await pages.delete(`${SCREEN}${path}`); // a fresh page is newer
}

// Which file it is, whatever its version: that stands behind the path or, of modules, in it.
const fileOf = (url) => new URL(url).pathname.replace(/^\/static\/js-[^/]+\//, "/static/js/");

// Of each of our files the version that this page has come with.
async function keepAssets() {
  const assets = await caches.open(ASSETS);
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  for (const url of new Set(loaded.filter((name) => name.includes("/static/")))) {
    if (await assets.match(url)) continue;
    for (const old of await assets.keys()) {
      if (fileOf(old.url) === fileOf(url)) await assets.delete(old);
    }
    await assets.add(url);
  }
}

// What was said then, and whether a scan was right, is not of now.
async function showKept() {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(`${SCREEN}${path}`);
  if (kept) show(await kept.text());
  document.getElementById("strip")?.replaceChildren();
}

async function keepScreen(html) {
  const pages = await caches.open(PAGES);
  await pages.put(`${SCREEN}${path}`, new Response(html));
}

async function begin() {
  await navigator.serviceWorker.register("/tablet/worker.js", { scope: "/" });
  const isKept = "kept" in document.body.dataset;
  if (isKept) {
    await showKept();
  } else {
    await keepPages();
    await keepAssets();
  }
  document.addEventListener("tablet:shown", ({ detail }) => {
    keepScreen(detail.html).catch(() => {}); // full, or forbidden: it is a convenience
  });
  document.body.dataset.shell = "ready";
}

if ("serviceWorker" in navigator && "caches" in window) {
  const start = () => begin().catch(() => {});
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
}

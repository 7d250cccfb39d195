// The service worker of tablets: pages come from the network, and where that is gone as they
// were last. Nothing else is kept of what the server says, and nothing after signing out.
const PAGES = "opsroom-tablet-pages";
const ASSETS = "opsroom-tablet-assets";
const OFFLINE = "/tablet/offline";
const ROOMS = /^\/(tablet|pick|pack|putbacks|count)(\/|$)/;
const AWAY = [502, 503, 504]; // a proxy answers, and nobody behind it
const PATIENCE = 6000; // milliseconds for a page, before the kept one is shown

async function page(request) {
  const { pathname } = new URL(request.url);
  let answer = null;
  try {
    answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    // no network, or one that leads nowhere
  }
  if (answer?.ok) {
    const pages = await caches.open(PAGES);
    await pages.put(pathname, answer.clone());
  }
  if (answer && !AWAY.includes(answer.status)) return answer;
  return (await kept(pathname)) ?? answer ?? Response.error();
}

// The page says itself that it is kept: `shell.js` puts the last screen into it.
async function kept(pathname) {
  const pages = await caches.open(PAGES);
  const found = (await pages.match(pathname)) ?? (await pages.match(OFFLINE));
  if (!found) return null;
  const html = (await found.text()).replace("<body ", "<body data-kept ");
  return new Response(html, { headers: found.headers });
}

// What has a version in its address never changes.
const isVersioned = ({ pathname, searchParams }) =>
  searchParams.has("v") || pathname.startsWith("/static/js-");

async function asset(request) {
  const assets = await caches.open(ASSETS);
  const found = await assets.match(request);
  if (found && isVersioned(new URL(request.url))) return found;
  try {
    return await fetch(request);
  } catch (error) {
    if (found) return found;
    throw error;
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (pathname === "/session/new" || pathname === "/session/delete") {
    event.waitUntil(caches.delete(PAGES)); // the next person sees nothing of this one
  } else if (request.method !== "GET") {
    return;
  } else if (request.mode === "navigate" && ROOMS.test(pathname)) {
    event.respondWith(page(request));
  } else if (pathname.startsWith("/static/")) {
    event.respondWith(asset(request));
  }
});

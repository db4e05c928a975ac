// Keeps the app's own files so that it opens without signal. Never keeps an answer about a person: those lie sealed in
// the app's own store. RELEASE and FILES stand in front of this text.
const CACHE = `yilian-field-${RELEASE}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload", credentials: "same-origin" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("yilian-field-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/f/sync/") || url.pathname.startsWith("/f/lost/")) return;
  const kept = (file) => caches.open(CACHE).then((cache) => cache.match(file));
  if (request.mode === "navigate") {
    event.respondWith(kept("/f/shell").then((shell) => shell ?? fetch(request)));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(kept(url.pathname).then((file) => file ?? fetch(request)));
  }
});

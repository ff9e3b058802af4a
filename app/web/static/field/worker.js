// Keeps the field page on the phone, and sends what waits when the network is back.
"use strict";
const VERSION = "__VERSION__", ASSETS = __ASSETS__, PAGE = "/field";
importScripts(...ASSETS.filter((address) => /\/(store|sync)\.js/.test(address)));

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(VERSION);
    await kept.addAll(ASSETS.map((address) => new Request(address, { cache: "reload" })));
    await kept.put(PAGE, await fetch(PAGE, { cache: "reload", credentials: "same-origin" }));
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("field-") && name !== VERSION) await caches.delete(name);
    await self.clients.claim();
  })());
});

// The page: from the network when it answers soon, so that words and versions stay fresh; else the kept one.
const page = async (request) => {
  const kept = await caches.open(VERSION);
  try {
    const fresh = await Promise.race([fetch(request), new Promise((_, late) => setTimeout(() => late(new Error("late")), 4000))]);
    if (fresh.ok && !fresh.redirected) await kept.put(PAGE, fresh.clone());
    return fresh.status >= 500 ? (await kept.match(PAGE)) || fresh : fresh;
  } catch { return (await kept.match(PAGE)) || Response.error(); }
};
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === PAGE) event.respondWith(page(event.request));
  else if (ASSETS.includes(address.pathname + address.search)) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});
self.addEventListener("sync", (event) => {
  if (event.tag === "diary") event.waitUntil(Sync.run().then((how) => { if (how !== "done" && how !== "signed-out") throw new Error(how); }));
});

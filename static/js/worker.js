// The service worker. The server puts `phone` before it: the shell's addresses and its version, made from their content.
// It keeps the shell and the page for no signal, and nothing else: no page with anybody's words in it is ever kept.
/* global phone, outbox */
importScripts(phone.outbox, phone.push);
(() => {
  "use strict";
  const SHELL = new Set(phone.shell);
  const NAME = `shell-${phone.version}`;

  const fill = async () => {
    const cache = await caches.open(NAME);
    const kept = new Set((await cache.keys()).map((request) => new URL(request.url)).map((url) => url.pathname + url.search));
    await cache.addAll([...SHELL].filter((address) => !kept.has(address)));
  };
  const clear = async (but) => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== but).map((name) => caches.delete(name)));
  };

  // Leaving with no signal: the session is ended on the server before the next page is fetched.
  const leave = async () => {
    await Promise.all([clear(), outbox.depart(), outbox.setFact("left", true)]);
  };
  const finishLeaving = async () => {
    await fetch(phone.leave, { redirect: "manual", cache: "no-store" });
    await outbox.setFact("left", false);
  };
  const reach = async (event) => {
    if (await outbox.fact("left")) {
      await finishLeaving();
      return fetch(event.request);
    }
    return (await event.preloadResponse) ?? fetch(event.request);
  };
  const visit = async (event) => {
    try {
      const response = await reach(event);
      event.waitUntil(caches.has(NAME).then((kept) => kept || fill()));
      return response;
    } catch {
      const known = await outbox.fact("owner");
      return (known !== undefined && (await caches.match(phone.offline))) || Response.error();
    }
  };

  self.addEventListener("install", (event) => {
    self.skipWaiting();
    event.waitUntil(fill());
  });
  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      await clear(NAME);
      await self.registration.navigationPreload?.enable();
      await self.clients.claim();
    })());
  });
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.mode === "navigate") {
      if (url.pathname === phone.leave) event.waitUntil(leave());
      else if (url.pathname === phone.signOut) event.waitUntil(outbox.depart());
      else if (request.method === "GET") event.respondWith(visit(event));
    } else if (SHELL.has(url.pathname + url.search) && url.pathname !== phone.offline) {
      event.respondWith(caches.match(request, { cacheName: NAME }).then((kept) => kept ?? fetch(request)));
    }
  });
  self.addEventListener("sync", (event) => {
    if (event.tag === "outbox") event.waitUntil(outbox.flush().then((done) => { if (!done) throw new Error("still waiting"); }));
  });
})();

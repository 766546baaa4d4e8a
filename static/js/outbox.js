// The outbox: what was tapped or typed waits on this phone, sealed, until the server has it. For pages and for the service
// worker alike, so nothing here touches a page. What an entry says is sealed with a key that no script can read out.
self.outbox = (() => {
  "use strict";
  const LIFE = 14 * 24 * 60 * 60 * 1000;
  const PATIENCE = { ask: 20_000, send: 90_000 };
  const TICKET = "/outbox";
  const bell = new BroadcastChannel("outbox");

  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  let opened;
  const database = () => (opened ??= new Promise((done, failed) => {
    const request = indexedDB.open("tidemark", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("entries", { keyPath: "id" });
      request.result.createObjectStore("facts");
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => { request.result.close(); opened = undefined; };
      done(request.result);
    };
    request.onerror = () => failed(request.error);
  }));
  const read = async (store, work) => asked(work((await database()).transaction(store).objectStore(store)));
  // Resolves once the change is on the disk, not merely on its way there.
  const write = async (store, work) => {
    const change = (await database()).transaction(store, "readwrite", { durability: "strict" });
    const result = work(change.objectStore(store));
    await new Promise((done, failed) => { change.oncomplete = done; change.onerror = change.onabort = () => failed(change.error); });
    return result.result;
  };
  const fact = (name) => read("facts", (facts) => facts.get(name));
  const setFact = (name, value) => write("facts", (facts) => facts.put(value, name));

  const key = () => navigator.locks.request("outbox-key", async () => {
    const found = await fact("key");
    if (found) return found;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await setFact("key", made);
    return made;
  });
  const method = (id, iv) => ({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) });
  const seal = async (id, form) => {
    const whole = new Response(form);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const type = whole.headers.get("content-type");
    return { type, iv, sealed: await crypto.subtle.encrypt(method(id, iv), await key(), await whole.arrayBuffer()) };
  };
  const unseal = async (entry) => {
    const bytes = await crypto.subtle.decrypt(method(entry.id, entry.iv), await key(), entry.sealed);
    return new Response(bytes, { headers: { "content-type": entry.type } }).formData();
  };

  const changed = () => {
    bell.postMessage("changed");
    bell.dispatchEvent(new MessageEvent("message", { data: "changed" }));
  };
  const put = async (entry) => { await write("entries", (entries) => entries.put(entry)); changed(); };
  const remove = async (id) => { await write("entries", (entries) => entries.delete(id)); changed(); };
  const get = (id) => read("entries", (entries) => entries.get(id));
  const all = async () => {
    const now = Date.now();
    const entries = await read("entries", (store) => store.getAll());
    const old = entries.filter((entry) => entry.expires <= now);
    if (old.length) await write("entries", (store) => { old.forEach((entry) => store.delete(entry.id)); return {}; });
    return entries.filter((entry) => entry.expires > now).sort((one, other) => one.made - other.made);
  };

  // Keep a form's fields until they are delivered. `owner` is whose they are, or null where nobody was signed in.
  const keep = async ({ kind, path, form, owner }) => {
    form.delete("csrf_token");
    const id = form.get("id") || crypto.randomUUID();
    form.set("id", id);
    const made = Date.now();
    const entry = { id, kind, path, owner, made, expires: made + LIFE, state: "waiting", why: "", ...await seal(id, form) };
    await put(entry);
    return entry;
  };
  // Change what a waiting or refused entry says.
  const amend = async (id, values) => {
    const entry = await get(id);
    if (!entry?.sealed) return;
    const form = await unseal(entry);
    Object.entries(values).forEach(([name, value]) => form.set(name, value));
    await put({ ...entry, state: "waiting", why: "", ...await seal(id, form) });
  };
  // Delivered entries are shown on one page, then gone.
  const show = (told) => write("entries", (entries) => {
    told.forEach((one) => {
      entries.get(one.id).onsuccess = ({ target }) => { if (target.result) entries.put({ ...target.result, shown: true }); };
    });
    return {};
  });
  const forgetShown = async () => {
    const shown = (await all()).filter((entry) => entry.shown);
    await write("entries", (entries) => { shown.forEach((entry) => entries.delete(entry.id)); return {}; });
  };
  const claim = async (id, owner) => { const entry = await get(id); if (entry?.owner === null) await put({ ...entry, owner }); };

  // A fresh token for the form, and whose session it belongs to.
  const ticket = async () => {
    try {
      const options = { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE.ask) };
      const response = await fetch(TICKET, options);
      if (response.type === "opaqueredirect" || response.status === 404) return { why: "signed-out" };
      return response.ok ? await response.json() : { why: "server" };
    } catch {
      return { why: "offline" };
    }
  };
  const post = async (entry, token) => {
    const form = await unseal(entry);
    form.set("waited", String(Math.max(0, Math.round((Date.now() - entry.made) / 1000))));
    return fetch(entry.path, {
      method: "POST",
      body: form,
      headers: { "X-CSRFToken": token, "HX-Request": "true", "Tidemark-Outbox": "1" },
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE.send),
    });
  };
  const verdict = (status) => {
    if (status >= 200 && status < 300) return "delivered";
    return status === 401 || status === 429 || status >= 500 ? "waiting" : "refused";
  };
  // What an answer means for the entry: delivered wipes what it said, refused keeps it with the reason.
  const settle = async (entry, response) => {
    const state = verdict(response.status);
    const answer = { state, status: response.status, html: await response.text(), go: response.headers.get("HX-Redirect") };
    if (state === "delivered") {
      const { id, kind, owner, made } = entry;
      await put({ id, kind, owner, made, state, expires: Date.now() + 60 * 60 * 1000 });
    } else {
      const why = state === "refused" ? String(response.status) : response.status === 401 ? "signed-out" : "server";
      await put({ ...entry, state, why, said: state === "refused" ? problemIn(answer.html) : "" });
      answer.why = why;
    }
    return answer;
  };
  const problemIn = (html) => {
    const found = /class="problem"[^>]*>([^<]+)</.exec(html)?.[1] ?? "";
    return found.replaceAll("&#39;", "’").replaceAll("&amp;", "&").trim();
  };

  // Send one entry, at most one sender at a time; a token that is out of date is fetched anew once.
  const deliver = (id, token, owner) => navigator.locks.request(`outbox-${id}`, async () => {
    const entry = await get(id);
    if (entry?.state !== "waiting") return { state: entry?.state ?? "gone" };
    const late = async (why) => {
      await put({ ...entry, why });
      return { state: "waiting", why };
    };
    for (const once of [true, false]) {
      const fresh = token && once ? { token, owner } : await ticket();
      if (fresh.why) return late(fresh.why);
      if (fresh.owner !== entry.owner) return { state: "waiting", why: "signed-out" };
      let response;
      try {
        response = await post(entry, fresh.token);
      } catch {
        return late("offline");
      }
      if (response.status === 400 && once && token) continue;
      return settle(entry, response);
    }
    return late("server");
  });
  // Send everything that waits for whoever is signed in, oldest first, until one does not get through.
  const flush = async () => {
    const waiting = (await all()).filter((entry) => entry.state === "waiting" && entry.owner !== null);
    if (!waiting.length) return true;
    const fresh = await ticket();
    if (fresh.why) {
      for (const entry of waiting) if (entry.why !== fresh.why) await put({ ...entry, why: fresh.why });
      return fresh.why === "signed-out";
    }
    for (const entry of waiting.filter((one) => one.owner === fresh.owner)) {
      const { state, why } = await deliver(entry.id, fresh.token, fresh.owner);
      if (state === "waiting") return why === "signed-out";
    }
    return true;
  };

  // Who holds the phone: set by their pages, let go by leaving or signing out.
  const arrive = async (owner) => { if (await fact("owner") !== owner) await setFact("owner", owner); };
  const depart = () => setFact("owner", null);
  const works = () => Boolean(self.crypto?.subtle && self.indexedDB && navigator.locks && self.BroadcastChannel);
  // Leave nothing of the outbox on this phone, its key included.
  const wipe = async () => {
    (await database()).close();
    opened = undefined;
    await asked(indexedDB.deleteDatabase("tidemark"));
  };
  return {
    all, amend, arrive, bell, claim, deliver, depart, fact, flush, forgetShown, keep, remove, setFact, show, unseal, works, wipe,
  };
})();

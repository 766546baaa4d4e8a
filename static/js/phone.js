// The outbox on a page: forms marked data-outbox go through it, and what waits is listed with its state. Every word shown
// stands in the page's templates. Where the browser lacks what this needs, forms go to the server as they always did.
/* global outbox, htmx */
(() => {
  "use strict";
  const find = (selector, within = document) => within.querySelector(selector);
  const meta = (name) => find(`meta[name="${name}"]`)?.content ?? "";
  const list = find("[data-outbox-list]");
  const me = meta("outbox-owner");
  if (!list || !outbox.works()) return;
  const copy = (selector) => find(selector, list).content.firstElementChild.cloneNode(true);
  const words = (group, name) => {
    const all = find(`template[data-${group}]`, list).content;
    return (find(`[data-name="${name}"]`, all) ?? all.firstElementChild).textContent;
  };
  const when = (moment) => new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "short", hour: "numeric", minute: "2-digit", hour12: document.documentElement.lang.startsWith("en") || undefined,
  }).format(moment);
  const owner = async () => me || ((await outbox.fact("owner")) ?? null);

  // The list of what is on this phone. `sending` is the form on its way, `panel` what stands where its question stood.
  let sending = null;
  let panel = null;
  const stateOf = (entry) => {
    if (entry.state !== "waiting") return entry.state;
    if (entry.owner === null) return me ? "unclaimed" : "offline";
    return entry.why || "offline";
  };
  const draw = async () => {
    const whose = await owner();
    const entries = (await outbox.all()).filter((entry) => entry.owner === null || entry.owner === whose);
    const lines = entries.filter((entry) => entry.id !== sending).map((entry) => {
      const state = stateOf(entry);
      const line = copy(`template[data-entry="${state}"]`);
      line.dataset.id = entry.id;
      find("[data-kind]", line).textContent = words("kinds", entry.kind);
      find("[data-when]", line).textContent = when(entry.made);
      const why = find("[data-why]", line);
      if (why) why.textContent = entry.said || words("reasons", entry.why);
      if (state === "refused" && me) showWords(entry, line);
      return line;
    });
    find("ul", list).replaceChildren(...lines);
    list.hidden = !lines.length;
    if (panel && !entries.some((entry) => entry.id === panel.id && entry.state === "waiting")) askAgain();
    const told = entries.filter((entry) => entry.id !== sending && entry.state === "delivered" && !entry.shown);
    if (told.length && document.visibilityState === "visible") await outbox.show(told);
  };
  const askAgain = () => {
    panel.shown.replaceWith(panel.question);
    panel = null;
  };
  const TYPED = ["words", "title"];
  const showWords = async (entry, line) => {
    const form = await outbox.unseal(entry);
    const name = TYPED.find((one) => form.has(one));
    const box = find("textarea", line);
    if (!name || !box) return;
    box.value = form.get(name);
    box.name = name;
    box.hidden = false;
  };
  const send = async (id, line) => {
    const box = find("textarea:not([hidden])", line);
    await outbox.amend(id, box ? { [box.name]: box.value } : {});
    await flush();
  };
  const act = {
    send,
    drop: (id) => outbox.remove(id),
    mine: async (id) => { await outbox.claim(id, me); await flush(); },
  };
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    const line = button?.closest("[data-id]");
    if (line) act[button.dataset.do](line.dataset.id, line);
  });

  // Sending what waits: at once, when a signal comes back, when the page is looked at again, and every half minute.
  let again;
  const later = () => {
    clearTimeout(again);
    again = setTimeout(flush, 30_000);
  };
  const flush = async () => {
    if (!(await outbox.flush())) later();
  };
  const ask = async () => {
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.sync?.register("outbox").catch(() => {});
  };

  // A form that is sent: kept first, then delivered.
  const show = (answer, form) => {
    if (answer.go) {
      const to = new URL(answer.go, window.location.href);
      const same = to.pathname === window.location.pathname && to.search === window.location.search;
      window.location.assign(to);
      if (same && to.hash) window.location.reload();
      return;
    }
    const whole = answer.html.includes('id="main"');
    const target = find(whole ? "#main" : form.dataset.hxTarget);
    htmx.swap(target, answer.html, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 }, whole ? { select: "#main" } : {});
    find("[aria-invalid], .problem")?.focus();
  };
  const showKept = (entry, form, button) => {
    const question = form.closest("[data-outbox-keeps]");
    if (!question) {
      form.reset();
      list.scrollIntoView({ block: "center" });
      return;
    }
    const shown = copy("template[data-kept]");
    const picture = find("svg", button);
    if (picture) find("[data-face]", shown).append(picture.cloneNode(true));
    find("[data-answer]", shown).textContent = button.textContent.trim();
    const more = find("textarea", shown);
    find("button", shown).addEventListener("click", async () => {
      await outbox.amend(entry.id, { words: more.value });
      find("[data-added]", shown).hidden = false;
      await flush();
    });
    question.replaceWith(shown);
    panel = { id: entry.id, question, shown };
    find("h2", shown).focus();
  };
  const submit = async (form, button) => {
    const data = new FormData(form);
    if (button?.name) data.set(button.name, button.value);
    if (!data.get("id")) data.set("id", crypto.randomUUID());
    sending = data.get("id");
    const path = new URL(form.action).pathname;
    const entry = await outbox.keep({ kind: form.dataset.outbox, path, form: data, owner: await owner() });
    const answer = entry.owner === null ? entry : await outbox.deliver(entry.id, meta("csrf-token"), entry.owner);
    if (answer.state === "delivered" || answer.status === 422) {
      await outbox.remove(entry.id);
      show(answer, form);
    } else if (answer.state === "waiting") {
      showKept(entry, form, button);
      await ask();
      later();
    }
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-outbox]");
    if (!form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (sending) return;
    sending = "one";
    form.classList.add("htmx-request");
    try {
      await submit(form, event.submitter);
    } catch {
      form.removeAttribute("data-outbox"); // this phone cannot keep it: let it go the plain way
      form.requestSubmit(event.submitter);
    } finally {
      sending = null;
      form.classList.remove("htmx-request");
      await draw();
    }
  }, { capture: true });

  const forget = find("form[data-forget-phone]");
  forget?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const names = await caches.keys();
    await Promise.allSettled([outbox.wipe(), ...names.map((name) => caches.delete(name))]);
    forget.submit();
  });

  outbox.bell.addEventListener("message", draw);
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") flush(); });
  (async () => {
    if (me) await outbox.arrive(me);
    await outbox.forgetShown();
    await draw();
    await flush();
  })();
  window.addEventListener("load", () => { if (me) navigator.serviceWorker?.register(meta("worker")); });
})();

// What every page needs: htmx sends the CSRF token and says when something did not go through, and "Leave quickly" works
// from the keyboard (Shift three times).
(() => {
  "use strict";
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = meta("csrf-token");
  });
  const trouble = (hidden) => {
    const box = document.querySelector("[data-trouble]");
    if (box) box.hidden = hidden;
  };
  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => {
    document.addEventListener(name, () => trouble(false));
  });
  document.addEventListener("htmx:beforeRequest", () => trouble(true));

  // It lies over the foot of the page: one touch anywhere, and it is out of the way.
  document.addEventListener("pointerdown", () => trouble(true));

  // A plain form goes only while the server answers: else the browser's own page would take the place of what was typed.
  const PLAIN = ".mine form[method=post]:not([data-outbox], [data-hx-post], [data-forget-phone])";
  const TYPED = "textarea, select, input:not([type=hidden]), [data-stay]";
  const asking = new WeakSet();
  const going = new WeakSet();
  const answers = () => navigator.onLine && fetch("/healthy", { cache: "no-store", signal: AbortSignal.timeout(8000) }).then(() => true, () => false);
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || going.delete(form) || !form.matches(PLAIN) || !form.querySelector(TYPED)) return;
    event.preventDefault();
    if (asking.has(form)) return;
    asking.add(form);
    trouble(true);
    const well = await answers();
    asking.delete(form);
    if (!well) return trouble(false);
    going.add(form);
    form.requestSubmit(event.submitter);
  });

  const leave = () => {
    const link = document.querySelector("[data-leave]");
    if (link) {
      document.body.hidden = true;
      window.location.replace(link.href);
    }
  };
  let shifts = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      shifts = [];
      return;
    }
    if (event.repeat) return;
    const now = Date.now();
    shifts = [...shifts.filter((time) => now - time < 2000), now];
    if (shifts.length === 3) leave();
  });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-leave]")) {
      event.preventDefault();
      leave();
    } else if (event.target.closest("[data-print]")) {
      window.print();
    }
  });
  document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });

  // On a phone the links on top are one row that goes sideways.
  const here = document.querySelector(".bar ul [aria-current]");
  if (here) here.closest("ul").scrollLeft = here.offsetLeft - here.closest("ul").offsetLeft - 56;
})();

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
})();

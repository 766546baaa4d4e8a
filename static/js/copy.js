// Copies a link that is shown once to the clipboard, where the browser has one.
(() => {
  "use strict";
  const from = document.querySelector("[data-copy-from]");
  const shown = document.querySelector("[data-copy-shown]");
  const button = document.querySelector("[data-copy]");
  if (!from || !button || !navigator.clipboard) return;
  shown.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(from.value);
    button.textContent = button.dataset.copy;
  });
})();

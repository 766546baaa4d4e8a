// A scanned card carries its code after the #, which no server or log ever sees: put it in the box.
(() => {
  "use strict";
  const code = decodeURIComponent(window.location.hash.slice(1));
  const box = document.querySelector("[data-card] input[name=code]");
  if (code && box) {
    box.value = code;
    window.history.replaceState(null, "", window.location.pathname);
  }
})();

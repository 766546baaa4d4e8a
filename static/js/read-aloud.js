// Reads the page to whoever asked for it, with the voice of the phone; shows no button where the phone has none.
(() => {
  "use strict";
  const button = document.querySelector("[data-read-aloud]");
  const speech = window.speechSynthesis;
  if (!button || !speech) return;
  const language = document.documentElement.lang.split("-")[0];
  const voice = () => speech.getVoices().find((one) => one.lang.split(/[-_]/)[0] === language);

  const offer = () => { button.hidden = !voice(); };

  // What is hidden or folded away is not in a page's inner text, so it is not read.
  const sentences = () =>
    [document.querySelector("h1"), document.querySelector("main")]
      .flatMap((part) => part.innerText.split("\n"))
      .map((text) => text.trim())
      .filter(Boolean);

  const stop = () => {
    speech.cancel();
    button.setAttribute("aria-pressed", "false");
  };

  const read = () => {
    button.setAttribute("aria-pressed", "true");
    const said = sentences();
    said.forEach((text, place) => {
      const one = new SpeechSynthesisUtterance(text);
      one.voice = voice();
      one.lang = document.documentElement.lang;
      one.rate = 0.9;
      if (place === said.length - 1) one.addEventListener("end", stop);
      speech.speak(one);
    });
  };

  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : read()));
  speech.addEventListener("voiceschanged", offer);
  window.addEventListener("pagehide", stop);
  offer();
})();

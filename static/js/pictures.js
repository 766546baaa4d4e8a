// The picture pad: four taps in order, then the form goes by itself.
(() => {
  "use strict";
  const form = document.querySelector("[data-pictures]");
  if (!form) return;
  const wanted = Number(form.dataset.pictures);
  const picked = form.querySelector("[data-picked]");
  const show = () => {
    const count = form.querySelectorAll("input[name=picture]").length;
    picked.hidden = false;
    picked.textContent = picked.dataset.picked.replace("{count}", count);
    return count;
  };
  form.querySelectorAll("[data-pad]").forEach((part) => { part.hidden = false; });
  show();
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-again]")) {
      form.querySelectorAll("input[name=picture]").forEach((input) => input.remove());
      show();
      return;
    }
    if (!button.matches(".picture")) return;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "picture";
    input.value = button.value;
    form.append(input);
    if (show() === wanted) form.submit();
  });
})();

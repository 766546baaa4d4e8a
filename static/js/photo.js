// A photo is made smaller on the phone before it is sent, so that it takes little data and where it was taken stays here.
// What this browser cannot open goes as it is; the server opens more, and says so where it cannot.
(() => {
  "use strict";
  const LONGEST = 2048;
  const input = document.getElementById("file");
  const preview = document.querySelector("[data-preview]");
  const problem = document.querySelector("[data-problem]");
  if (!input || !window.createImageBitmap || !window.DataTransfer) return;
  let made = null;
  let working = Promise.resolve();

  const smaller = async (file) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    const paint = canvas.getContext("2d");
    paint.fillStyle = "#fff";
    paint.fillRect(0, 0, canvas.width, canvas.height);
    paint.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.86); });
  };
  const put = (blob) => {
    made = new File([blob], "photo.jpg", { type: blob.type });
    const carrier = new DataTransfer();
    carrier.items.add(made);
    input.files = carrier.files;
  };
  const show = (blob) => {
    if (preview.src) URL.revokeObjectURL(preview.src);
    preview.hidden = !blob;
    if (blob) preview.src = URL.createObjectURL(blob);
  };
  const look = async () => {
    const file = input.files[0];
    if (!file || file === made) return;
    problem.hidden = true;
    const blob = await smaller(file).catch(() => null);
    if (blob) put(blob);
    show(blob);
    if (!blob && file.size > Number(input.dataset.largest)) {
      problem.textContent = input.dataset.tooBig;
      problem.hidden = false;
      input.value = "";
    }
  };
  input.addEventListener("change", () => { working = look(); });
  // Sending waits until the photo is ready.
  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.target.contains(input)) return;
    event.preventDefault();
    await working;
    if (input.files.length) event.detail.issueRequest(true);
  });
})();

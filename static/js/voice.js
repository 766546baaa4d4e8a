// Recording a voice note: record, stop, listen, throw away. Nothing leaves the phone until it is added.
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const input = document.getElementById("file");
  const place = find("[data-recorder]");
  if (!place || !window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) return;
  const LONGEST = Number(input.dataset.longest);
  const KINDS = { "audio/webm;codecs=opus": "webm", "audio/mp4": "m4a", "audio/ogg;codecs=opus": "ogg" };
  const record = find("[data-record]");
  const words = find("[data-record-words]");
  const time = find("[data-time]");
  const state = find("[data-state]");
  const problem = find("[data-problem]");
  const heard = find("[data-heard]");
  const preview = find("[data-preview]");
  const start = words.textContent;
  place.hidden = false;
  input.required = false;
  find("[data-without]").open = false;

  let recorder = null;
  let clock = 0;
  let finished = Promise.resolve();
  const show = (seconds) => { time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`; };
  const put = (file) => {
    const carrier = new DataTransfer();
    if (file) carrier.items.add(file);
    input.files = carrier.files;
    if (preview.src) URL.revokeObjectURL(preview.src);
    if (file) preview.src = URL.createObjectURL(file);
    heard.hidden = !file;
  };
  const look = (recording) => {
    record.classList.toggle("is-on", recording);
    words.textContent = recording ? words.dataset.stop : start;
    state.textContent = recording ? state.dataset.recording : state.dataset.done;
  };
  const stop = () => {
    clearInterval(clock);
    if (recorder?.state === "recording") recorder.stop();
  };
  const begin = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const type = Object.keys(KINDS).find((kind) => MediaRecorder.isTypeSupported(kind));
    const parts = [];
    recorder = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: 48_000 });
    put(null);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    finished = new Promise((done) => {
      recorder.addEventListener("stop", () => {
        stream.getTracks().forEach((track) => track.stop());
        put(new File(parts, `voice.${KINDS[type] ?? "bin"}`, { type: recorder.mimeType }));
        look(false);
        done();
      });
    });
    recorder.start();
    const from = Date.now();
    show(0);
    look(true);
    clock = setInterval(() => {
      const seconds = Math.round((Date.now() - from) / 1000);
      show(Math.min(seconds, LONGEST));
      if (seconds >= LONGEST) stop();
    }, 250);
  };
  record.addEventListener("click", async () => {
    problem.hidden = true;
    if (recorder?.state === "recording") return stop();
    try {
      await begin();
    } catch {
      problem.hidden = false;
    }
    return undefined;
  });
  find("[data-again]").addEventListener("click", () => {
    put(null);
    show(0);
    state.textContent = "";
    record.focus();
  });
  window.addEventListener("pagehide", stop);
  document.addEventListener("htmx:confirm", async (event) => {
    if (!event.target.contains(input)) return;
    event.preventDefault();
    stop();
    await finished;
    event.detail.issueRequest(true);
  });
})();

// "Turn it on for this phone": ask the browser, then send its push address along with the form.
(() => {
  "use strict";
  const box = document.querySelector("[data-push]");
  if (!box || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const form = box.querySelector("form");
  const say = (what) => {
    const said = box.querySelector("[data-push-said]");
    said.textContent = box.querySelector(`[data-push-words="${what}"]`).textContent;
    said.hidden = false;
  };
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const active = async () => {
    const own = await navigator.serviceWorker.getRegistration("/");
    const registration = own ?? (await navigator.serviceWorker.register(box.dataset.worker));
    const worker = registration.installing ?? registration.waiting;
    if (!registration.active && worker) {
      await new Promise((resolve) => {
        worker.addEventListener("statechange", () => worker.state === "activated" && resolve());
      });
    }
    return registration;
  };
  const subscribe = async () => {
    const { pushManager } = await active();
    await (await pushManager.getSubscription())?.unsubscribe();
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key) });
    form.elements.endpoint.value = made.endpoint;
    form.elements.p256dh.value = text(made.getKey("p256dh"));
    form.elements.auth.value = text(made.getKey("auth"));
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if ((await Notification.requestPermission()) !== "granted") {
      say("denied");
      return;
    }
    try {
      await subscribe();
      form.submit();
    } catch {
      say("failed");
    }
  });
  box.hidden = false;
})();

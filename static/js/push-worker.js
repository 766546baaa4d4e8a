// What a service worker does with web push: show the few words that came, and open Tidemark when they are tapped. It
// stands alone, and other workers load it with importScripts.
(() => {
  "use strict";
  const words = (event) => {
    try {
      return event.data?.json() ?? {};
    } catch {
      return {};
    }
  };

  self.addEventListener("push", (event) => {
    const { body = "", tag = "tidemark" } = words(event);
    event.waitUntil(self.registration.showNotification("Tidemark", { body, tag, icon: "/static/img/icon.svg" }));
  });

  const open = async () => {
    const shown = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const here = shown.find((client) => new URL(client.url).origin === self.location.origin);
    return here ? here.focus() : self.clients.openWindow("/");
  };
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open());
  });
})();

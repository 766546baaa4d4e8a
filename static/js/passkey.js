// Passkeys: asks this site for a challenge, the browser for an answer, and sends the answer as an ordinary form.
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const ask = {
    add: (options) => navigator.credentials.create({ publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    } }),
    prove: (options) => navigator.credentials.get({ publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    } }),
  };

  const asJson = (found) => {
    const response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (found.response[name]) response[name] = text(found.response[name]);
    });
    return JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, response });
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = form.querySelector("[data-problem]");
      problem.hidden = true;
      try {
        const token = form.querySelector("[name=csrf_token]").value;
        const reply = await fetch(form.dataset.options, { method: "POST", headers: { "X-CSRFToken": token } });
        // Whoever has to sign in (again) first is sent there, and comes back to this page.
        if (reply.redirected) return void location.assign(reply.url);
        if (!reply.ok) throw new Error("no challenge");
        form.querySelector("[name=credential]").value = asJson(await ask[form.dataset.passkey](await reply.json()));
        form.submit();
      } catch {
        problem.hidden = false;
      }
    });
  });
})();

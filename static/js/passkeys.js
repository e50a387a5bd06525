/* Passkeys. A button[data-passkey] asks the device and sends its form with the answer in the field data-into:
   "create", "get": what to ask stands as JSON in the element data-options; "enter": the address of the form gives it;
   "sign": the form itself, sent ahead with challenge_for (the button's value), gives the challenge of what is signed.
   [data-passkey-box] stays hidden where the browser has no passkeys; [data-passkey-said] says what went wrong. */
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const given = ({ publicKey: key }) => ({ publicKey: {
    ...key,
    challenge: bytes(key.challenge),
    ...(key.user && { user: { ...key.user, id: bytes(key.user.id) } }),
    ...(key.excludeCredentials && { excludeCredentials: named(key.excludeCredentials) }),
    ...(key.allowCredentials && { allowCredentials: named(key.allowCredentials) }),
  } });
  const written = (found) => {
    const { response } = found;
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    return JSON.stringify({
      id: found.id, rawId: text(found.rawId), type: found.type, clientExtensionResults: found.getClientExtensionResults(),
      response: Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, text(response[part])])),
    });
  };

  class Refused extends Error {}
  const ask = async (address, more) => {
    const answer = await fetch(address, { credentials: "same-origin", ...more, headers: { Accept: "application/json", "HX-Request": "true" } });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(told.refused || "");
    return told.request_options || told;
  };
  const options = (button) => {
    const { passkey } = button.dataset;
    if (passkey === "enter") return ask(button.form.action, { method: "GET" });
    if (passkey !== "sign") return JSON.parse(document.getElementById(button.dataset.options).textContent);
    const body = new FormData(button.form);
    body.delete("password");
    body.delete("code");
    body.set("challenge_for", button.value);
    return ask(button.form.action, { method: "POST", body });
  };

  const run = async (button) => {
    const said = button.closest("[data-passkey-box]").querySelector("[data-passkey-said]");
    said.hidden = true;
    if (button.dataset.passkey === "sign" && !button.form.reportValidity()) return;
    button.disabled = true;
    try {
      const asked = given(await options(button));
      const found = button.dataset.passkey === "create" ? await navigator.credentials.create(asked) : await navigator.credentials.get(asked);
      button.form.elements[button.dataset.into].value = written(found);
      button.form.submit();
    } catch (fault) {
      const why = { NotAllowedError: "cancelled", InvalidStateError: "known" }[fault.name] || "failed";
      said.querySelector("span").textContent = (fault instanceof Refused && fault.message) || said.dataset[why] || said.dataset.failed;
      said.hidden = false;
      button.disabled = false;
    }
  };
  for (const box of document.querySelectorAll("[data-passkey-box]")) box.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-passkey]");
    if (!button) return;
    event.preventDefault();
    run(button);
  });
})();

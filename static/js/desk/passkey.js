// Makes a passkey, or shows one at the sign-in: asks the house what to ask the device, and puts its answer into the form.

const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const ids = (list) => (list ?? []).map((each) => ({ ...each, id: decode(each.id) }));

// What both ceremonies answer, in the words of the standard's own JSON.
function written(credential) {
  const { response } = credential;
  const told = { clientDataJSON: encode(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) told[name] = encode(response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    response: told,
    clientExtensionResults: {},
  });
}

const does = {
  make: (options) =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: decode(options.challenge),
        user: { ...options.user, id: decode(options.user.id) },
        excludeCredentials: ids(options.excludeCredentials),
      },
    }),
  show: (options) =>
    navigator.credentials.get({
      publicKey: { ...options, challenge: decode(options.challenge), allowCredentials: ids(options.allowCredentials) },
    }),
};

function prepare(form) {
  const at = (name) => form.querySelector(`[data-at="${name}"]`);
  const button = at("passkey");
  form.hidden = false;
  button.hidden = false;
  button.addEventListener("click", async () => {
    at("passkey-wrong").hidden = true;
    button.disabled = true;
    try {
      const asked = await fetch(form.dataset.passkey, { headers: { accept: "application/json" } });
      if (!asked.ok) throw new Error("not now");
      form.elements.passkey.value = written(await does[form.dataset.does](await asked.json()));
      form.submit();
    } catch {
      // Refused, given up, or no device: the form stands as it was, and the other ways are open.
      at("passkey-wrong").hidden = false;
      button.disabled = false;
    }
  });
}

if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(prepare);

// Passkeys: a form that has to be signed waits for the browser, and is sent with its answer.
const FIELDS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature"];

function bytes(text) {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function written(buffer) {
  const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function known(list = []) {
  return list.map((one) => ({ ...one, id: bytes(one.id) }));
}

// What the server says is JSON; what the browser takes has bytes in it.
function read(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (options.user) publicKey.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials)
    publicKey.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) publicKey.allowCredentials = known(options.allowCredentials);
  return { publicKey };
}

function answer({ id, rawId, type, response }) {
  const parts = FIELDS.filter((name) => response[name]).map((name) => [
    name,
    written(response[name]),
  ]);
  return JSON.stringify({
    id,
    rawId: written(rawId),
    type,
    response: Object.fromEntries(parts),
  });
}

async function sign(form, asked) {
  const error = form.querySelector("[data-passkey-error]");
  error.hidden = true;
  try {
    const options = read(JSON.parse(asked.dataset.options));
    const made = await navigator.credentials[asked.dataset.passkey](options);
    form.elements.credential.value = answer(made);
    form.requestSubmit();
  } catch {
    error.hidden = false;
  }
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const asked = form.matches("[data-passkey]") ? form : form.querySelector("[data-passkey]");
    if (!asked || form.elements.credential.value) return;
    event.preventDefault();
    event.stopPropagation();
    sign(form, asked);
  },
  true,
);

/** The access key, where the server asks for one: kept in memory while the page is open, nowhere else. */

const CHANNEL = "deonto-access";
const WAIT = 1000; // milliseconds for another page of ours to answer

let key = "";
/** The form on screen, if it is. @type {Promise<boolean> | null} */
let asking = null;

export const hasKey = () => key !== "";

/** The header that brings the key. @returns {Record<string, string>} */
export const authorization = () => (key ? { Authorization: `Bearer ${key}` } : {});

/**
 * Ask the reader for the key, once for all requests that wait for it; false when they would rather not.
 * @param {Record<string, string>} used what the refused request brought, as {@link authorization} gave it
 */
export async function askForKey(used) {
  const now = authorization().Authorization;
  if (now && now !== used.Authorization) return true; // another request has asked meanwhile
  asking ??= filled(used.Authorization !== undefined).finally(() => {
    asking = null;
  });
  return asking;
}

/**
 * @param {boolean} wrong whether a key was given that opens nothing
 * @returns {Promise<boolean>}
 */
function filled(wrong) {
  /** @param {string} id */
  const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const dialog = /** @type {HTMLDialogElement} */ (byId("access"));
  const input = /** @type {HTMLInputElement} */ (byId("access-key"));
  /** @param {boolean} shown */
  const complain = (shown) => {
    byId("access-wrong").hidden = !shown;
    input.setAttribute("aria-invalid", String(shown));
  };
  key = "";
  input.value = "";
  complain(wrong);
  dialog.showModal();
  return new Promise((resolve) => {
    byId("access-form").onsubmit = (event) => {
      event.preventDefault();
      const given = input.value.trim();
      if (!/^[\x21-\x7e]+$/.test(given)) {
        complain(true); // no header could bring it
        return;
      }
      key = given;
      dialog.close();
    };
    byId("access-cancel").onclick = () => dialog.close();
    dialog.onclose = () => {
      input.value = "";
      resolve(hasKey());
    };
  });
}

/** Answer the pages of documents opened from this one, which have no key of their own. */
export function lendKey() {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", ({ data }) => {
    if (data === "?" && hasKey()) channel.postMessage({ key });
  });
}

/** Ask the page of questions for its key; false when none answers. @returns {Promise<boolean>} */
export function borrowKey() {
  const channel = new BroadcastChannel(CHANNEL);
  return new Promise((resolve) => {
    setTimeout(() => resolve(hasKey()), WAIT);
    channel.addEventListener("message", ({ data }) => {
      if (typeof data?.key !== "string") return;
      key = data.key;
      resolve(true);
    });
    channel.postMessage("?");
  }).finally(() => channel.close());
}

/** While a question is written: what in it seems to identify somebody, and a button that hides it. Nothing is sent or kept. */

import { text } from "./dom.js";
import { identifying, masked } from "./identifying.js";
import { kindsOf } from "./kinds.js";

const PAUSE = 500; // milliseconds without a key before the text is looked at: nobody is warned at each letter

/**
 * Watch the box in which a question is written.
 * @param {HTMLTextAreaElement} box
 */
export function watch(box) {
  /** @param {string} id */
  const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const [panel, words, mask, undo] = ["seen", "seen-words", "seen-mask", "seen-undo"].map(byId);
  let timer = 0;
  /** The text before and after it was masked, as long as the box holds the latter. @type {{before: string, after: string} | null} */
  let change = null;

  function look() {
    clearTimeout(timer);
    if (change && box.value !== change.after) change = null;
    const seen = identifying(box.value);
    mask.hidden = seen.length === 0;
    undo.hidden = change === null;
    const said = seen.length > 0 ? text("seen", { kinds: kindsOf(seen) }) : change ? text("seen-masked") : "";
    if (words.textContent !== said) words.textContent = said; // what has not changed is not announced again
    panel.classList.toggle("shown", said !== "");
  }

  /** Write into the box as if it had been typed. @param {string} written */
  function write(written) {
    box.value = written;
    box.dispatchEvent(new Event("input"));
    look();
    box.focus();
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  mask.addEventListener("click", () => {
    const before = box.value;
    const after = masked(before, identifying(before), ({ placeholder }) => text(`placeholder-${placeholder}`));
    change = { before, after };
    write(after);
  });
  undo.addEventListener("click", () => {
    if (change) write(change.before);
  });

  return {
    /** Forget everything: the box was emptied. */
    close() {
      change = null;
      look();
    },
  };
}

/** While a question is written: what in it seems to identify somebody, and a button that hides it. Nothing is sent or kept. */

import { identifying, masked } from "../identifying.js";
import { kindsOf } from "../kinds.js";
import { button, node } from "./nodes.js";
import { text } from "./words.js";

const PAUSE = 500; // milliseconds without a key before the text is looked at: nobody is warned at each letter

/** The warning of a box, hidden until there is something to say. @param {HTMLTextAreaElement} box */
export function warningOf(box) {
  const words = node("p", { role: "status" });
  const mask = button("quiet", () => {
    box.value = masked(box.value, identifying(box.value), ({ placeholder }) => text(`placeholder-${placeholder}`));
    look();
    box.focus();
  }, text("mask"));
  const root = node("div", { class: "warning" }, words, mask);
  let timer = 0;

  function look() {
    clearTimeout(timer);
    const seen = identifying(box.value);
    const said = seen.length > 0 ? text("seen", { kinds: kindsOf(seen) }) : "";
    if (words.textContent !== said) words.textContent = said; // what has not changed is not announced again
    root.classList.toggle("shown", said !== "");
    mask.hidden = said === "";
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  look();
  return { root, look };
}

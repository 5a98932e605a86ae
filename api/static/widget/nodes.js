/** Elements. Every word from outside enters as text, never as markup. */

import { text } from "./words.js";

/**
 * @param {string} tag
 * @param {Record<string, string | boolean | undefined>} [attributes] true stands for an empty one, false and undefined for none
 * @param {...(string | Node)} children
 */
export function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** @param {string} look its classes @param {() => void} then @param {...(string | Node)} children */
export function button(look, then, ...children) {
  const made = /** @type {HTMLButtonElement} */ (node("button", { type: "button", class: look }, ...children));
  made.addEventListener("click", then);
  return made;
}

/** Words for those who listen. @param {string} words */
export const unseen = (words) => node("span", { class: "unseen" }, words);

/** A drawing, from the styles. @param {string} name */
export const icon = (name) => node("span", { class: `icon ${name}`, "aria-hidden": "true" });

/** A link that opens a tab of its own, which learns nothing of this page. @param {string} look @param {string} address @param {...(string | Node)} children */
export const outward = (look, address, ...children) =>
  node("a", { class: look, href: address, target: "_blank", rel: "noopener noreferrer" }, ...children, unseen(` ${text("new-tab")}`));

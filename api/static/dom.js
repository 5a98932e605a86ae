/** Building the page: its own texts, its templates, elements. Every word from outside enters as text, never as markup. */

import { fill } from "./text.js";

/** Sentences of the page itself, by key; "" for one it does not have. @param {string} key @param {Record<string, string | number>} [values] */
export function text(key, values = {}) {
  const texts = /** @type {HTMLTemplateElement} */ (document.getElementById("texts"));
  return fill(texts.content.querySelector(`[data-text="${CSS.escape(key)}"]`)?.textContent ?? "", values);
}

/** @param {string} id @returns {HTMLElement} */
export function stamp(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}

/** @param {Element} root @param {string} name @returns {HTMLElement} */
export const slot = (root, name) => /** @type {HTMLElement} */ (root.querySelector(`[data-slot="${name}"]`));

/** @param {string} tag @param {string} className @param {(string | Node)[]} children */
export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** @param {HTMLElement} node @param {string} words */
export function show(node, words) {
  node.textContent = words;
  node.hidden = words === "";
}

/** @param {string} documentId @param {Record<string, string | number>} query */
export const readerAddress = (documentId, query) =>
  `/documents/${encodeURIComponent(documentId)}?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))}#passage`;

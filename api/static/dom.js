/** Building the page: its own texts, its templates, elements. Every word from outside enters as text, never as markup. */

import { hasKey } from "./access.js";
import { fill } from "./text.js";

/** Sentences of the page itself, by key; "" for one it does not have. @param {string} key @param {Record<string, string | number>} [values] */
export function text(key, values = {}) {
  const texts = /** @type {HTMLTemplateElement} */ (document.getElementById("texts"));
  return fill(texts.content.querySelector(`[data-text="${CSS.escape(key)}"]`)?.textContent ?? "", values);
}

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

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

/** Say something once to those who listen to the page. @param {string} words */
export function announce(words) {
  byId("announcer").textContent = words;
}

/** The page of a document, at some of its words. @param {string} documentId @param {Record<string, string | number>} query */
export function documentAddress(documentId, query) {
  const words = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return `/documents/${encodeURIComponent(documentId)}?${words}#passage`;
}

/** A link cannot bring a key: with one, a page that is open to everybody fetches the document. @param {string} documentId @param {Record<string, string | number>} query */
export const readerAddress = (documentId, query) => `${hasKey() ? "/static/document.html?" : ""}${documentAddress(documentId, query)}`;

/** Passages that were found and that the answer does not quote. */

import { isLetter } from "./citation.js";
import { element, readerAddress, show, slot, stamp, text } from "./dom.js";
import { nameOf } from "./labels.js";

/** @typedef {import("./stream.js").Passage} Passage */

const LONGEST_HEADING = 90; // characters of a first line that names a passage

/** A passage and where it is. @param {Passage} passage @param {string} [label] */
export function passageItem(passage, label = passage.label) {
  const item = stamp("passage-template");
  slot(item, "label").textContent = label;
  slot(item, "text").textContent = passage.text;
  slot(item, "letter").hidden = !isLetter(passage.passage_id);
  slot(item, "link").setAttribute("href", readerAddress(passage.document_id, { passage: passage.passage_id }));
  return item;
}

/**
 * The other passages found, by document, each document named once.
 * @param {HTMLElement} root the turn
 * @param {Passage[]} passages
 * @param {Set<string>} named those that the answer names itself
 */
export function fillConsulted(root, passages, named) {
  const others = passages.filter((passage) => !named.has(passage.passage_id));
  const count = others.length === 1 ? "one" : "many";
  const documents = new Set(others.map((passage) => passage.document_id));
  const groups = [...documents].map((id) => groupOf(others.filter((passage) => passage.document_id === id)));
  slot(root, "consulted").hidden = others.length === 0;
  slot(root, "consulted-title").textContent = text(named.size > 0 ? `consulted-${count}` : `found-${count}`, { count: others.length });
  slot(root, "consulted-list").replaceChildren(...groups);
}

/** @param {Passage[]} passages of one document */
function groupOf(passages) {
  if (passages.length === 1) return passageItem(passages[0]);
  const list = element("ul", "passage-list", ...passages.map((passage) => passageItem(passage, placeOf(passage))));
  return element("li", "", element("p", "document", nameOf(passages[0].label).name), list);
}

/** Where a passage stands in its document: what its label adds, or else its heading. @param {Passage} passage */
function placeOf({ label, text: words }) {
  const heading = words.split("\n", 1)[0];
  return nameOf(label).rest || (heading.length <= LONGEST_HEADING && heading !== words ? heading : label);
}

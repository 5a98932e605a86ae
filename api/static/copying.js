/** An answer, or a passage of it, on the clipboard: as plain text for a message, as HTML for a letter. */

import { announce, documentAddress, element, text } from "./dom.js";
import { frenchDate, referenceOf } from "./labels.js";
import { splitAnswer } from "./text.js";

/**
 * @typedef {import("./text.js").Citation} Citation
 *
 * @typedef {object} Exchange a question and its answer
 * @property {import("./stream.js").Answer} answer
 * @property {string} verdict in words, "" for none
 */

const SHOWN = 2500; // milliseconds that a button says what it has done
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** Today as a French reader writes it. */
export const today = () => frenchDate(new Date().toLocaleDateString("sv")); // Swedish dates are ISO dates, of this time zone

/** @param {Citation} citation */
export const reference = (citation) => referenceOf(citation, { sheet: text("name-sheet"), reread: text("reread") });

/** Where words can be read; "" on a server that only this machine can reach. @param {Citation} citation */
export function addressOf({ document_id: id, passage_id: passage, start, end }) {
  return LOOPBACK.includes(location.hostname) ? "" : location.origin + documentAddress(id, { passage, start, end });
}

/** @param {Exchange} exchange */
export function plain({ answer, verdict }) {
  const references = answer.citations.map((citation) => `[${citation.marker}] ${reference(citation)}`);
  const titled = references.length > 0 ? [[text("references"), ...references].join("\n")] : [];
  return [answer.question, verdict, answer.answer, ...titled, text("made", { date: today() })].filter(Boolean).join("\n\n");
}

/** The same as elements, which a word processor keeps. @param {Exchange} exchange */
function formatted({ answer, verdict }) {
  const body = splitAnswer(answer.answer, answer.citations).map((block) => {
    if (block.kind === "citation") return element("blockquote", "", `« ${block.citation.quote} » [${block.citation.marker}]`);
    if (block.kind === "list") return element("ul", "", ...block.items.map((item) => element("li", "", item)));
    return element("p", "", block.text);
  });
  const sources = answer.citations.map((citation) => element("p", "", `[${citation.marker}] `, linkTo(citation)));
  const head = [element("p", "", element("strong", "", answer.question)), ...(verdict ? [element("p", "", verdict)] : [])];
  return [...head, ...body, element("p", "", element("strong", "", text("references"))), ...sources, element("p", "", text("made", { date: today() }))];
}

/** @param {Citation} citation */
function linkTo(citation) {
  const address = addressOf(citation);
  if (!address) return reference(citation);
  const link = element("a", "", reference(citation));
  link.setAttribute("href", address);
  return link;
}

/** Copy an answer with its references. @param {HTMLElement} button @param {Exchange} exchange */
export const copyExchange = (button, exchange) => copied(button, plain(exchange), formatted(exchange));

/** Copy the words of one citation with their reference. @param {HTMLElement} button @param {Citation} citation */
export const copyCitation = (button, citation) =>
  copied(button, `« ${citation.quote} » (${reference(citation)})`, [element("p", "", `« ${citation.quote} » (`, linkTo(citation), ")")]);

/**
 * @param {HTMLElement} button says what came of it
 * @param {string} words
 * @param {(Node | string)[]} nodes the same words
 */
async function copied(button, words, nodes) {
  const markup = new XMLSerializer().serializeToString(element("div", "", ...nodes));
  const done = (await writeBoth(words, markup)) || writeOld(words, markup);
  const before = button.dataset.words ?? button.textContent ?? "";
  const said = text(done ? "copied" : "copy-failed");
  button.dataset.words = before;
  button.textContent = said;
  announce(said);
  setTimeout(() => {
    button.textContent = before;
  }, SHOWN);
}

/** @param {string} words @param {string} markup */
async function writeBoth(words, markup) {
  try {
    const parts = { "text/plain": new Blob([words], { type: "text/plain" }), "text/html": new Blob([markup], { type: "text/html" }) };
    await navigator.clipboard.write([new ClipboardItem(parts)]);
    return true;
  } catch {
    return false; // no permission, or a page that came over plain HTTP
  }
}

/** The way of older browsers, and of pages that came over plain HTTP. @param {string} words @param {string} markup */
function writeOld(words, markup) {
  let filled = false;
  /** @param {ClipboardEvent} event */
  const fill = (event) => {
    event.preventDefault();
    event.clipboardData?.setData("text/plain", words);
    event.clipboardData?.setData("text/html", markup);
    filled = true;
  };
  document.addEventListener("copy", fill);
  try {
    return document.execCommand("copy") && filled;
  } finally {
    document.removeEventListener("copy", fill);
  }
}

/** A citation on the page: exact words, then the name of their source, which opens them in their document. */

import { copyCitation } from "./copying.js";
import { element, readerAddress, show, slot, stamp, text } from "./dom.js";
import { chipOf, datedOf, nameOf, originOf } from "./labels.js";

/** @typedef {import("./text.js").Citation} Citation */

// A short answer opens with the sentence that answers; the full stop of "art. R. 4127-4" ends none.
const FIRST = /^.{15,240}?(?<=\p{L}{3})(?<![(\s]art)[.!?](?=\s+\p{Lu})/su;

/** @param {Citation} citation */
const opens = ({ document_id: id, passage_id: passage, start, end }) => readerAddress(id, { passage, start, end });

/** What a source is called in a chip. @param {Citation} citation */
const shortName = ({ kind, label, title }) => (kind === "sheet" ? text("name-sheet", { title }) : nameOf(label).name);

/** Whether a passage is a letter to copy, which says what to write and not what the rule is. @param {string} passageId */
export const isLetter = (passageId) => passageId.includes(`:${text("letter-anchor")}#`);

/** The source of some words, named where they stand. @param {Citation} citation */
export function inlineChip(citation) {
  const hidden = element("span", "visually-hidden", ` ${text("new-tab")}`);
  const link = element("a", "marker", element("span", "number", String(citation.marker)), element("span", "name", shortName(citation)), hidden);
  link.setAttribute("href", opens(citation));
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener");
  return link;
}

/**
 * Several citations, one after the other: those of one document stand together, and its name and date are said once.
 * @param {readonly Citation[]} citations
 * @param {number | null} contradicting the marker of the one that contradicts the question
 * @returns {Map<Citation, HTMLElement>}
 */
export function citationCards(citations, contradicting) {
  return new Map(citations.map((citation, index) => [citation, citationCard(citation, citations[index - 1], contradicting)]));
}

/**
 * Put the cards that follow one another in one document side by side in one box.
 * @param {Map<Citation, HTMLElement>} cards
 * @returns {HTMLElement[]}
 */
export function grouped(cards) {
  /** @type {HTMLElement[]} */
  const groups = [];
  let last = "";
  for (const [{ document_id: id }, card] of cards) {
    if (id !== last) groups.push(element("div", "source"));
    groups.at(-1)?.append(card);
    last = id;
  }
  return groups;
}

/**
 * @param {Citation} citation
 * @param {Citation | undefined} before
 * @param {number | null} contradicting
 */
function citationCard(citation, before, contradicting) {
  const figure = stamp("citation-template");
  const { label, place } = chipOf(citation, before, text("place-opening"));
  const { rest } = nameOf(label);
  const follows = label === "";
  const again = !follows && before?.document_id === citation.document_id && before.label === label; // and no place to name
  slot(figure, "marker").textContent = String(citation.marker);
  slot(figure, "same").hidden = !follows;
  show(slot(figure, "label"), follows ? "" : again ? text("same-document") : shortName(citation));
  show(slot(figure, "place"), [citation.kind === "sheet" || again ? "" : rest, place].filter(Boolean).join(", "));
  show(slot(figure, "origin"), !follows && !again && citation.kind === "sheet" ? originOf(label) : "");
  show(slot(figure, "date"), follows || again ? "" : datedOf(citation, text("reread")));
  show(slot(figure, "notice"), (follows || again) && citation.notice === before?.notice ? "" : (citation.notice ?? ""));
  slot(figure, "contradicts").hidden = citation.marker !== contradicting;
  slot(figure, "letter").hidden = !isLetter(citation.passage_id);
  figure.classList.toggle("letter", isLetter(citation.passage_id));
  fillQuote(slot(figure, "quote"), citation, before === undefined);
  slot(figure, "open").setAttribute("href", opens(citation));
  slot(figure, "copy").addEventListener("click", () => copyCitation(slot(figure, "copy"), citation));
  const at = citation.context.indexOf(citation.quote);
  if (at >= 0 && citation.context.trim() !== citation.quote.trim()) {
    const after = at + citation.quote.length;
    slot(figure, "context").append(citation.context.slice(0, at), element("mark", "", citation.quote), citation.context.slice(after));
    slot(figure, "more").hidden = false;
  }
  return figure;
}

/** The exact words between guillemets; a document's own are enough. @param {HTMLElement} node @param {Citation} citation @param {boolean} leads */
function fillQuote(node, { quote, kind, locator, title }, leads) {
  const [before, after] = /^«[^«]*»$/.test(quote) ? ["", ""] : ["«\u00a0", "\u00a0»"];
  const first = leads && kind === "sheet" && locator === title ? (FIRST.exec(quote)?.[0] ?? "") : "";
  node.append(before, ...(first ? [element("span", "first", first)] : []), quote.slice(first.length) + after);
}

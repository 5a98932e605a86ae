/** A citation on the page: chip, exact words, where to check them. */

import { element, readerAddress, show, slot, stamp, text } from "./dom.js";
import { chipOf, frenchDate } from "./text.js";

/** @typedef {import("./text.js").Citation} Citation */

/** @param {number} question counts from 1 @param {number} marker */
export const anchorOf = (question, marker) => `question-${question}-citation-${marker}`;

/**
 * Several citations, one after the other: what they share of their labels is said once.
 * @param {readonly Citation[]} citations
 * @param {number} question counts from 1
 * @param {number | null} contradicting the marker of the one that contradicts the question
 */
export const citationCards = (citations, question, contradicting) =>
  citations.map((citation, index) => {
    const figure = citationCard(citation, citations[index - 1], contradicting);
    figure.id = anchorOf(question, citation.marker);
    return figure;
  });

/**
 * @param {Citation} citation
 * @param {Citation | undefined} before
 * @param {number | null} contradicting
 */
function citationCard(citation, before, contradicting) {
  const figure = stamp("citation-template");
  slot(figure, "marker").textContent = String(citation.marker);
  const { label, place } = chipOf(citation, before, text("place-opening"));
  slot(figure, "same").hidden = label !== "";
  show(slot(figure, "label"), label);
  show(slot(figure, "place"), place);
  slot(figure, "contradicts").hidden = citation.marker !== contradicting;
  show(slot(figure, "date"), label && citation.date ? frenchDate(citation.date) : "");
  show(slot(figure, "notice"), citation.notice ?? "");
  // A document's own guillemets are enough.
  slot(figure, "quote").textContent = /^«[^«]*»$/.test(citation.quote) ? citation.quote : `« ${citation.quote} »`;
  const { passage_id: passage, start, end } = citation;
  slot(figure, "open").setAttribute("href", readerAddress(citation.document_id, { passage, start, end }));
  const at = citation.context.indexOf(citation.quote);
  if (at >= 0 && citation.context.trim() !== citation.quote.trim()) {
    const after = at + citation.quote.length;
    slot(figure, "context").append(citation.context.slice(0, at), element("mark", "", citation.quote), citation.context.slice(after));
    slot(figure, "more").hidden = false;
  }
  return figure;
}

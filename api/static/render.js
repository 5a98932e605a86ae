/** What a turn looks like. Every word from outside enters the page as text, never as markup. */

import { fill, frenchDate, listItems, splitAnswer, splitMarkers, withoutPartialMarker } from "./text.js";

/**
 * @typedef {import("./text.js").Citation} Citation
 * @typedef {import("./stream.js").Answer} Answer
 * @typedef {import("./stream.js").Passage} Passage
 */

const LEADS = 5;

/** Sentences of the page itself, by key. @param {string} key @param {Record<string, string | number>} [values] */
export function text(key, values = {}) {
  const texts = /** @type {HTMLTemplateElement} */ (document.getElementById("texts"));
  return fill(texts.content.querySelector(`[data-text="${key}"]`)?.textContent ?? "", values);
}

/** @param {string} id @returns {HTMLElement} */
function stamp(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}

/** @param {Element} root @param {string} name @returns {HTMLElement} */
export const slot = (root, name) => /** @type {HTMLElement} */ (root.querySelector(`[data-slot="${name}"]`));

/** @param {string} tag @param {string} className @param {(string | Node)[]} children */
function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

/** @param {HTMLElement} node @param {string} words */
function show(node, words) {
  node.textContent = words;
  node.hidden = words === "";
}

/** @param {string} documentId @param {Record<string, string | number>} query */
const readerAddress = (documentId, query) =>
  `/documents/${encodeURIComponent(documentId)}?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))}#passage`;

/** One question and what comes back for it. */
export class Turn {
  /** @param {string} question @param {number} number counts from 1 */
  constructor(question, number) {
    this.number = number;
    this.root = stamp("turn-template");
    slot(this.root, "question").textContent = question;
  }

  /** @param {string} words */
  addStep(words) {
    slot(this.root, "steps").append(element("li", "", words));
  }

  /** Show the answer as far as it has come. @param {string} answer */
  draft(answer) {
    const nodes = splitAnswer(withoutPartialMarker(answer), []).map((block, index) => {
      const words = block.kind === "text" ? block.text : "";
      return element("p", words.startsWith("«") ? "draft-quote" : paragraphClass(words, index), words.replace(/\s*\[\d{1,2}\]/g, ""));
    });
    slot(this.root, "answer").replaceChildren(...nodes);
  }

  /** @param {Answer} answer */
  finish(answer) {
    slot(this.root, "steps").replaceChildren();
    this.root.classList.add(answer.outcome);
    if (answer.redactions.length > 0) {
      slot(this.root, "question").textContent = answer.question;
      const placeholders = answer.redactions.map((redaction) => redaction.placeholder).join(", ");
      const key = answer.redactions.length === 1 ? "redaction-one" : "redaction-many";
      show(slot(this.root, "redaction"), text(key, { count: answer.redactions.length, placeholders }));
    }
    this.#fillAnswer(answer);
    const cited = new Set(answer.citations.map((citation) => citation.passage_id));
    const others = answer.passages.filter((passage) => !cited.has(passage.passage_id));
    if (answer.outcome === "answered") this.#fillConsulted(others);
    else this.#fillLeads(others.slice(0, LEADS));
  }

  /** @param {Answer} answer */
  #fillAnswer({ answer, citations, outcome }) {
    const shown = new Set();
    const nodes = splitAnswer(answer, citations).map((block, index) => {
      if (block.kind === "citation") {
        shown.add(block.citation.marker);
        return this.#citation(block.citation);
      }
      const items = listItems(block.text);
      if (items) return element("ul", "", ...items.map((item) => element("li", "", ...this.#linked(item, citations))));
      return element("p", outcome === "answered" ? paragraphClass(block.text, index) : "", ...this.#linked(block.text, citations));
    });
    slot(this.root, "answer").replaceChildren(...nodes);
    const rest = citations.filter((citation) => !shown.has(citation.marker));
    slot(this.root, "cards").replaceChildren(...rest.map((citation) => this.#citation(citation)));
    slot(this.root, "sources").hidden = rest.length === 0;
  }

  /** Text with its markers as links; a number that cites nothing stays text. @param {string} words @param {Citation[]} citations */
  #linked(words, citations) {
    return splitMarkers(words).map((part) => {
      if (typeof part === "string") return part;
      if (!citations.some((citation) => citation.marker === part)) return `[${part}]`;
      const link = element("a", "marker", String(part));
      link.setAttribute("href", `#${this.#anchor(part)}`);
      link.setAttribute("aria-label", text("citation-link", { marker: part }));
      return link;
    });
  }

  /** @param {number} marker */
  #anchor(marker) {
    return `question-${this.number}-citation-${marker}`;
  }

  /** @param {Citation} citation */
  #citation(citation) {
    const figure = stamp("citation-template");
    figure.id = this.#anchor(citation.marker);
    slot(figure, "marker").textContent = String(citation.marker);
    slot(figure, "label").textContent = citation.label;
    show(slot(figure, "date"), citation.date ? frenchDate(citation.date) : "");
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

  /** @param {Passage[]} passages */
  #fillLeads(passages) {
    slot(this.root, "leads").hidden = passages.length === 0;
    slot(this.root, "lead-list").replaceChildren(...passages.map(passageItem));
  }

  /** @param {Passage[]} passages */
  #fillConsulted(passages) {
    slot(this.root, "consulted").hidden = passages.length === 0;
    slot(this.root, "consulted-title").textContent = text(passages.length === 1 ? "consulted-one" : "consulted-many", { count: passages.length });
    slot(this.root, "consulted-list").replaceChildren(...passages.map(passageItem));
  }

  /** @param {string} message @param {string} requestId @param {() => void} retry */
  fail(message, requestId, retry) {
    slot(this.root, "steps").replaceChildren();
    const problem = stamp("problem-template");
    slot(problem, "message").textContent = message;
    show(slot(problem, "request"), requestId && text("request", { id: requestId }));
    slot(problem, "retry").addEventListener("click", retry);
    this.root.append(problem);
  }
}

/**
 * The first paragraph answers; a short one without a full stop names what follows.
 * @param {string} words
 * @param {number} index
 */
function paragraphClass(words, index) {
  if (index === 0 && !words.startsWith("«")) return "lead";
  return words.length <= 60 && !/[.!?…»\]]$/.test(words) ? "lead-in" : "";
}

/** @param {Passage} passage */
function passageItem(passage) {
  const item = stamp("passage-template");
  slot(item, "label").textContent = passage.label;
  slot(item, "text").textContent = passage.text;
  slot(item, "link").setAttribute("href", readerAddress(passage.document_id, { passage: passage.passage_id }));
  return item;
}

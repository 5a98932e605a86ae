/** What a turn looks like. */

import { anchorOf, citationCards } from "./citation.js";
import { element, readerAddress, show, slot, stamp, text } from "./dom.js";
import { splitAnswer, splitMarkers, unbroken, withoutPartialMarker } from "./text.js";
import { fillWhy } from "./why.js";

/**
 * @typedef {import("./text.js").Citation} Citation
 * @typedef {import("./stream.js").Answer} Answer
 * @typedef {import("./stream.js").Passage} Passage
 *
 * @typedef {object} Replies what the reader may ask for next
 * @property {(question: string) => void} choose ask one of the readings of a vague question
 * @property {() => Promise<Answer>} explain the same answer with what stands behind it
 */

const UNSEARCHED = new Set(["empty", "too_long"]); // reasons of a refusal before any search

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
    const bare = (/** @type {string} */ words) => unbroken(words.replace(/\s*\[\d{1,2}\]/g, ""));
    const nodes = splitAnswer(withoutPartialMarker(answer), []).map((block, index) => {
      if (block.kind === "list") return element("ul", "", ...block.items.map((item) => element("li", "", bare(item))));
      const words = block.kind === "text" ? block.text : "";
      return element("p", words.startsWith("«") ? "draft-quote" : paragraphClass(words, index), bare(words));
    });
    slot(this.root, "answer").replaceChildren(...nodes);
  }

  /** @param {Answer} answer @param {Replies} replies */
  finish(answer, replies) {
    slot(this.root, "steps").replaceChildren();
    this.root.classList.add(answer.outcome);
    if (answer.redactions.length > 0) {
      slot(this.root, "question").textContent = answer.question;
      const placeholders = answer.redactions.map((redaction) => redaction.placeholder).join(", ");
      const key = answer.redactions.length === 1 ? "redaction-one" : "redaction-many";
      show(slot(this.root, "redaction"), text(key, { count: answer.redactions.length, placeholders }));
    }
    const named = this.#fillAnswer(answer);
    this.#fillReadings(answer.readings, replies.choose);
    show(slot(this.root, "how"), answer.notice ?? "");
    if (answer.outcome !== "clarification") this.#fillConsulted(answer.passages, named);
    if (!UNSEARCHED.has(answer.reason ?? "")) fillWhy(this.root, this.number, answer, replies.explain);
  }

  /**
   * Fill in the answer; return the passages that it cites or names.
   * @param {Answer} answer
   * @returns {Set<string>}
   */
  #fillAnswer({ answer, citations, outcome, readings, passages, false_premise: contradicting }) {
    const blocks = splitAnswer(answer, citations);
    const inline = blocks.flatMap((block) => (block.kind === "citation" ? [block.citation] : []));
    const cards = citationCards(inline, this.number, contradicting);
    const named = new Set(citations.map((citation) => citation.passage_id));
    const leads = new Map(outcome === "refused" ? [...passages].reverse().map((passage) => [passage.label, passage]) : []);
    /** @param {string} item */
    const listItem = (item) => {
      const lead = leads.get(item);
      if (!lead) return element("li", "", ...this.#linked(item, citations));
      named.add(lead.passage_id);
      return passageItem(lead);
    };
    const nodes = blocks.flatMap((block, index) => {
      if (block.kind === "citation") return cards.splice(0, 1);
      if (block.kind === "text") {
        return element("p", outcome === "answered" ? paragraphClass(block.text, index) : "", ...this.#linked(block.text, citations));
      }
      const items = block.items.filter((item) => !readings.includes(item)); // these are buttons
      return items.length > 0 ? element("ul", "", ...items.map(listItem)) : [];
    });
    slot(this.root, "answer").replaceChildren(...nodes);
    const rest = citations.filter((citation) => !inline.includes(citation));
    slot(this.root, "cards").replaceChildren(...citationCards(rest, this.number, contradicting));
    slot(this.root, "sources").hidden = rest.length === 0;
    return named;
  }

  /** Text with its markers as links; a number that cites nothing stays text. @param {string} words @param {Citation[]} citations */
  #linked(words, citations) {
    return splitMarkers(words).map((part) => {
      if (typeof part === "string") return unbroken(part);
      if (!citations.some((citation) => citation.marker === part)) return `[${part}]`;
      const link = element("a", "marker", String(part));
      link.setAttribute("href", `#${anchorOf(this.number, part)}`);
      link.setAttribute("aria-label", text("citation-link", { marker: part }));
      return link;
    });
  }

  /** @param {string[]} readings @param {(question: string) => void} choose */
  #fillReadings(readings, choose) {
    slot(this.root, "readings").hidden = readings.length === 0;
    slot(this.root, "readings").replaceChildren(
      ...readings.map((reading) => {
        const button = element("button", "", unbroken(reading));
        button.setAttribute("type", "button");
        button.addEventListener("click", () => choose(reading));
        return element("li", "", button);
      }),
    );
  }

  /** @param {Passage[]} passages @param {Set<string>} named those that the answer names itself */
  #fillConsulted(passages, named) {
    const others = passages.filter((passage) => !named.has(passage.passage_id));
    const count = others.length === 1 ? "one" : "many";
    slot(this.root, "consulted").hidden = others.length === 0;
    slot(this.root, "consulted-title").textContent = text(named.size > 0 ? `consulted-${count}` : `found-${count}`, { count: others.length });
    slot(this.root, "consulted-list").replaceChildren(...others.map(passageItem));
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

/** A question and what comes back for it: verdict first, exact words under the name of their source. */

import { hiddenIn } from "../kinds.js";
import { chipOf, datedOf, nameOf, originOf, splitAt } from "../labels.js";
import { splitAnswer, splitMarkers, unbroken, withoutPartialMarker } from "../text.js";
import { readerAddress } from "./asking.js";
import { button, node, outward, unseen } from "./nodes.js";
import { text } from "./words.js";

/**
 * @typedef {import("./asking.js").Answer} Answer
 * @typedef {import("./asking.js").Passage} Passage
 * @typedef {import("./asking.js").Service} Service
 * @typedef {import("../text.js").Citation} Citation
 */

export class Card {
  /** @param {string} question @param {number} level of its heading @param {Service} service */
  constructor(question, level, service) {
    this.service = service;
    this.question = node("span", {}, unbroken(question));
    this.hidden = node("p", { class: "hidden-data", hidden: true });
    this.steps = node("ul", { class: "steps" });
    this.answer = node("div", { class: "answer" });
    const asked = node(`h${level}`, { class: "asked" }, unseen(text("asked")), this.question);
    this.root = node("article", { class: "turn" }, asked, this.hidden, this.steps, this.answer);
    /** Citations on the page, by marker. @type {Map<number, HTMLElement>} */
    this.figures = new Map();
  }

  /** @param {string} words */
  addStep(words) {
    this.steps.append(node("li", {}, words));
  }

  /** Show the answer as far as it has come. @param {string} answer */
  draft(answer) {
    const bare = (/** @type {string} */ words) => unbroken(words.replace(/\s*\[\d{1,2}\]/g, ""));
    const nodes = splitAnswer(withoutPartialMarker(answer), []).map((block, index) => {
      if (block.kind === "list") return node("ul", {}, ...block.items.map((item) => node("li", {}, bare(item))));
      const words = block.kind === "text" ? block.text : "";
      return words.startsWith("«") ? node("blockquote", {}, bare(words)) : node("p", { class: lookOf(words, index) }, bare(words));
    });
    this.answer.replaceChildren(...nodes);
  }

  /** @param {Answer} answer @param {(question: string) => void} choose */
  finish(answer, choose) {
    this.steps.replaceChildren();
    this.root.classList.add(answer.outcome);
    this.#sayHidden(answer);
    const blocks = splitAnswer(answer.answer, answer.citations);
    const inline = blocks.flatMap((block) => (block.kind === "citation" ? [block.citation] : []));
    const rest = answer.citations.filter((citation) => !inline.includes(citation));
    const figures = [inline, rest].map((citations) => citations.map((citation, at) => this.#figure(citation, citations[at - 1], answer.false_premise)));
    const leads = new Map(answer.outcome === "refused" ? [...answer.passages].reverse().map((passage) => [passage.label, passage]) : []);
    const nodes = blocks.flatMap((block, index) => {
      if (block.kind === "citation") return figures[0].splice(0, 1);
      if (block.kind === "text") return node("p", { class: answer.outcome === "answered" ? lookOf(block.text, index) : "" }, ...this.#linked(block.text));
      const items = block.items.filter((item) => !answer.readings.includes(item)); // these are buttons
      return items.length > 0 ? node("ul", {}, ...items.map((item) => this.#item(item, leads.get(item)))) : [];
    });
    const readings = answer.readings.map((reading) => node("li", {}, button("choice", () => choose(reading), unbroken(reading))));
    if (readings.length > 0) nodes.push(node("ul", { class: "choices", "aria-label": text("readings") }, ...readings));
    const verdict = verdictOf(answer);
    if (verdict) nodes.unshift(node("p", { class: "verdict" }, node("span", { class: "small" }, unbroken(verdict.said)), node("strong", {}, verdict.word)));
    if (answer.notice) nodes.push(node("p", { class: "small" }, answer.notice));
    this.answer.replaceChildren(...nodes, ...figures[1]);
  }

  /** Say what was hidden, and show the question as it was understood: without it. @param {Answer} answer */
  #sayHidden({ question, redactions }) {
    if (redactions.length === 0) return;
    const placeholders = redactions.map(({ placeholder }) => placeholder);
    const parts = splitAt(question, placeholders).map((part) => (placeholders.includes(part) ? node("span", { class: "masked" }, part) : unbroken(part)));
    this.question.replaceChildren(...parts);
    this.hidden.textContent = hiddenIn(redactions);
    this.hidden.hidden = false;
  }

  /** @param {string} item @param {Passage | undefined} lead a passage that a refusal names */
  #item(item, lead) {
    if (!lead) return node("li", {}, ...this.#linked(item));
    return node("li", {}, outward("", readerAddress(this.service, lead.document_id, { passage: lead.passage_id }), lead.label));
  }

  /** Text whose markers lead to their citation; a number that cites nothing stays text. @param {string} words */
  #linked(words) {
    return splitMarkers(words).map((part) => {
      if (typeof part === "string") return unbroken(part);
      const figure = this.figures.get(part);
      if (!figure) return `[${part}]`;
      // No link to an anchor: it would change the address of the page around.
      const leading = button("marker", () => figure.focus(), String(part));
      leading.setAttribute("aria-label", text("to-citation", { marker: part }));
      return leading;
    });
  }

  /** @param {Citation} citation @param {Citation | undefined} before @param {number | null} contradicting */
  #figure(citation, before, contradicting) {
    const { marker, passage_id: passage, start, end, quote, context } = citation;
    const { label, place } = chipOf(citation, before, text("place-opening"));
    const { name, rest } = nameOf(label);
    const sheet = citation.kind === "sheet";
    const within = [sheet ? "" : rest, place].filter(Boolean).join(", ");
    const called = label ? unbroken(sheet ? text("name-sheet", { title: citation.title }) : name) : unseen(text("same-document"));
    const names = node("span", {}, called, ...(within ? [node("span", { class: "place" }, unbroken(label ? ` · ${within}` : within))] : []));
    const number = node("span", { class: "number" }, String(marker));
    const chip = outward("chip", readerAddress(this.service, citation.document_id, { passage, start, end }), number, names);
    const caption = node("figcaption", {}, chip);
    if (marker === contradicting) caption.append(node("strong", { class: "contradicts" }, text("contradicts")));
    // A document's own guillemets are enough.
    const exact = node("blockquote", {}, /^«[^«]*»$/.test(quote) ? quote : `« ${quote} »`);
    const foot = node("div", { class: "foot" });
    for (const said of label ? [sheet ? originOf(label) : "", datedOf(citation, text("reread"))] : []) if (said) foot.append(node("span", { class: "small" }, said));
    if (citation.notice) foot.append(node("span", { class: "notice" }, citation.notice));
    const at = context.indexOf(quote);
    if (at >= 0 && context.trim() !== quote.trim()) {
      const whole = node("p", { class: "context" }, context.slice(0, at), node("mark", {}, quote), context.slice(at + quote.length));
      foot.append(node("details", {}, node("summary", {}, text("whole-passage")), whole));
    }
    const figure = node("figure", { class: "citation", tabindex: "-1", "aria-label": text("citation", { marker }) }, caption, exact, ...(foot.childElementCount ? [foot] : []));
    this.figures.set(marker, figure);
    return figure;
  }

  /** @param {string} message @param {string} requestId @param {() => void} retry */
  fail(message, requestId, retry) {
    this.steps.replaceChildren();
    const problem = node("div", { class: "problem", role: "alert" }, node("p", {}, message));
    if (requestId) problem.append(node("p", { class: "small" }, text("request", { id: requestId })));
    problem.append(button("quiet", retry, text("retry")));
    this.root.append(problem);
  }
}

/**
 * The answer in a word, with the question it answers where the word would mean the contrary after another one.
 * @param {Answer} answer
 */
export function verdictOf({ verdict, citations }) {
  const word = verdict ? text(`verdict-${verdict}`) : "";
  const of = verdict === "oui" || verdict === "non" ? "verdict-of" : "verdict-from";
  return word && citations.length > 0 ? { said: text(of, { title: citations[0].title }), word } : null;
}

/** The first paragraph answers; a short one without a full stop names what follows. @param {string} words @param {number} index */
function lookOf(words, index) {
  if (index === 0 && !words.startsWith("«")) return "lead";
  return words.length <= 60 && !/[.!?…»\]]$/.test(words) ? "lead-in" : "";
}

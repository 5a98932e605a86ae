/** A finished answer: its verdict in a word, its text, the exact words behind it, and what may be done with it. */

import { citationCards, grouped, inlineChip } from "./citation.js";
import { element, show, slot, text } from "./dom.js";
import { fillFeedback } from "./feedback.js";
import { hiddenIn } from "./kinds.js";
import { splitAt } from "./labels.js";
import { fillConsulted, passageItem } from "./passages.js";
import { paragraphClass } from "./render.js";
import { splitAnswer, splitMarkers, unbroken } from "./text.js";
import { fillTools } from "./tools.js";

/**
 * @typedef {import("./text.js").Citation} Citation
 * @typedef {import("./stream.js").Answer} Answer
 * @typedef {import("./render.js").Turn} Turn
 *
 * @typedef {object} Replies what the reader may ask for next
 * @property {(question: string) => void} choose ask one of the questions that are offered
 * @property {() => Promise<Answer>} explain the same answer with what stands behind it
 */

const UNSEARCHED = new Set(["empty", "too_long"]); // reasons of a refusal before any search

/**
 * Show the whole answer in the place of what had come of it; return the sentence that says it aloud.
 * @param {Turn} turn
 * @param {Answer} answer
 * @param {Replies} replies
 */
export function finish({ root, number }, answer, replies) {
  const answered = answer.outcome === "answered";
  slot(root, "steps").replaceChildren();
  root.classList.add(answer.outcome);
  fillRedactions(root, answer);
  const verdict = fillVerdict(root, answer);
  const named = fillAnswer(root, answer);
  fillQuestions(slot(root, "readings"), answer.readings, replies.choose);
  fillQuestions(slot(root, "suggestions"), answer.suggestions ?? [], replies.choose);
  slot(root, "next").hidden = (answer.suggestions ?? []).length === 0;
  show(slot(root, "how"), answer.notice ?? "");
  if (answered) fillTools(root, { answer, verdict });
  if (answer.outcome !== "clarification") {
    fillConsulted(root, answer.passages, named);
    if (!UNSEARCHED.has(answer.reason ?? "")) fillFeedback(root, answer.id);
  }
  if (!UNSEARCHED.has(answer.reason ?? "")) explainWhenOpened(root, number, answer, replies.explain);
  const words = text("announce", { answer: answer.answer.replace(/\s*\[\d{1,2}\]/g, "") });
  return [hiddenIn(answer.redactions), verdict, words].filter(Boolean).join(" ");
}

/** Say what was hidden, and show the question as it was understood: without it. @param {HTMLElement} root @param {Answer} answer */
function fillRedactions(root, { question, redactions }) {
  if (redactions.length === 0) return;
  const placeholders = redactions.map(({ placeholder }) => placeholder);
  const parts = splitAt(question, placeholders).map((part) => (placeholders.includes(part) ? element("span", "masked", part) : part));
  slot(root, "question").replaceChildren(...parts);
  show(slot(root, "redaction"), hiddenIn(redactions));
}

/**
 * The answer in a word, with the question it answers where the word would mean the contrary after another one.
 * @param {HTMLElement} root
 * @param {Answer} answer
 */
function fillVerdict(root, { verdict, citations }) {
  const word = verdict ? text(`verdict-${verdict}`) : "";
  if (!word) return "";
  const polar = verdict === "oui" || verdict === "non";
  const said = text(polar ? "verdict-of" : "verdict-from", { title: citations[0].title });
  slot(root, "verdict-from").textContent = unbroken(said);
  slot(root, "verdict-word").textContent = word;
  slot(root, "verdict").hidden = false;
  return `${said} ${word}`;
}

/**
 * Fill in the answer; return the passages that it cites or names.
 * @param {HTMLElement} root
 * @param {Answer} answer
 * @returns {Set<string>}
 */
function fillAnswer(root, { answer, citations, outcome, readings, passages, false_premise: contradicting }) {
  const blocks = splitAnswer(answer, citations);
  const inline = blocks.flatMap((block) => (block.kind === "citation" ? [block.citation] : []));
  const cards = citationCards(inline, contradicting);
  const named = new Set(citations.map((citation) => citation.passage_id));
  const leads = new Map(outcome === "refused" ? [...passages].reverse().map((passage) => [passage.label, passage]) : []);
  /** @param {string} item */
  const listItem = (item) => {
    const lead = leads.get(item);
    if (!lead) return element("li", "", ...linked(item, citations));
    named.add(lead.passage_id);
    return passageItem(lead);
  };
  /** Citations that follow one another. @type {Map<Citation, HTMLElement>} */
  let run = new Map();
  const nodes = blocks.flatMap((block, index) => {
    if (block.kind === "citation") {
      run.set(block.citation, /** @type {HTMLElement} */ (cards.get(block.citation)));
      if (blocks[index + 1]?.kind === "citation") return [];
      const groups = grouped(run);
      run = new Map();
      return groups;
    }
    if (block.kind === "text") {
      return element("p", outcome === "answered" ? paragraphClass(block.text, index) : "", ...linked(block.text, citations));
    }
    const items = block.items.filter((item) => !readings.includes(item)); // these are buttons
    return items.length > 0 ? element("ul", "", ...items.map(listItem)) : [];
  });
  slot(root, "answer").replaceChildren(...nodes);
  const rest = citations.filter((citation) => !inline.includes(citation));
  slot(root, "cards").replaceChildren(...grouped(citationCards(rest, contradicting)));
  slot(root, "sources").hidden = rest.length === 0;
  return named;
}

/** Text with the names of its sources in the place of its markers; a number that cites nothing stays text. @param {string} words @param {Citation[]} citations */
function linked(words, citations) {
  return splitMarkers(words).map((part) => {
    if (typeof part === "string") return unbroken(part);
    const citation = citations.find(({ marker }) => marker === part);
    return citation ? inlineChip(citation) : `[${part}]`;
  });
}

/** Questions to choose from. @param {HTMLElement} list @param {string[]} questions @param {(question: string) => void} choose */
function fillQuestions(list, questions, choose) {
  list.hidden = questions.length === 0;
  list.replaceChildren(
    ...questions.map((question) => {
      const button = element("button", "", unbroken(question));
      button.setAttribute("type", "button");
      button.addEventListener("click", () => choose(question));
      return element("li", "", button);
    }),
  );
}

/** What stands behind an answer is shown to those who ask, and so is the script that shows it. @param {HTMLElement} root @param {number} number @param {Answer} answer @param {() => Promise<Answer>} explain */
function explainWhenOpened(root, number, answer, explain) {
  const panel = /** @type {HTMLDetailsElement} */ (slot(root, "why"));
  let shown = false;
  panel.hidden = false;
  panel.addEventListener("toggle", async () => {
    if (!panel.open || shown) return;
    shown = true;
    show(slot(panel, "why-state"), text("why-waiting"));
    try {
      const { fillWhy } = await import("./why.js");
      await fillWhy(panel, number, answer, explain);
    } catch (error) {
      shown = false; // opened again, it is asked for again
      show(slot(panel, "why-state"), error instanceof Error && error.name === "Problem" ? error.message : text("unreachable"));
    }
  });
}

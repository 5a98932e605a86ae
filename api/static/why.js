/** What stands behind an answer, shown when the reader asks: words understood, confidence, passages and their scores. */

import { element, readerAddress, show, slot, text } from "./dom.js";
import { Problem } from "./stream.js";
import { decimal, percent } from "./labels.js";

/**
 * @typedef {import("./stream.js").Answer} Answer
 * @typedef {import("./stream.js").Explanation} Explanation
 * @typedef {import("./stream.js").Trace} Trace
 */

/**
 * Fill the panel in; what stands behind the answer is asked for, unless it came with it.
 * @param {HTMLElement} panel
 * @param {number} question counts from 1
 * @param {Answer} answer
 * @param {() => Promise<Answer>} explain
 */
export async function fillWhy(panel, question, answer, explain) {
  const { explain: found, passages } = answer.explain ? answer : await explain();
  if (!found) throw new Problem(text("unreachable"), "");
  fillFacts(panel, answer, found);
  slot(panel, "why-table").replaceChildren(...table(answer, passages, found, `question-${question}-passages`));
  show(slot(panel, "why-state"), "");
}

/** @param {HTMLElement} panel @param {Answer} answer @param {Explanation} found */
function fillFacts(panel, answer, found) {
  const values = { confidence: percent(found.confidence), threshold: percent(found.threshold) };
  const enough = answer.reason === "no_evidence" && found.confidence >= found.threshold;
  slot(panel, "why-outcome").textContent = text(enough ? "why-no-extract" : `why-${answer.reason ?? answer.outcome}`, values);
  /** @type {Record<string, (string | Node)[]>} */
  const facts = {
    "why-standalone": answer.standalone_question === answer.question ? [] : [answer.standalone_question],
    "why-words": [found.words.join(", ") || text("why-none")],
    "why-expanded": found.expanded.length > 0 ? [found.expanded.join(", ")] : [],
    "why-references": [found.references.join(", ") || text("why-none")],
    "why-draft": drafted(answer),
  };
  const rows = Object.entries(facts).filter(([, said]) => said.length > 0);
  slot(panel, "why-facts").replaceChildren(
    ...rows.map(([key, said]) => element("div", "", element("dt", "", text(key)), element("dd", "", ...said))),
  );
  slot(panel, "why-facts").hidden = false;
}

/** What a language model's draft kept and dropped, nothing where there was none. @param {Answer} answer */
function drafted({ drafting }) {
  if (!drafting) return [];
  const { model, kept, dropped } = drafting;
  const reasons = Object.entries(dropped).map(([reason, count]) =>
    element("li", "", text("dropped", { reason: text(`dropped-${reason}`) || reason, count })),
  );
  const sentence = text(kept > 1 ? "kept-many" : "kept-one", { model, count: kept });
  return [sentence, element("ul", "", ...(reasons.length > 0 ? reasons : [element("li", "", text("dropped-none"))]))];
}

/**
 * The passages in a box that scrolls by itself; nothing where there is no passage.
 * @param {Answer} answer the one that is shown
 * @param {Answer["passages"]} passages those of the explanation
 * @param {Explanation} found
 * @param {string} id
 */
function table(answer, passages, found, id) {
  if (found.passages.length === 0) return [];
  const names = Object.keys(found.passages[0].scores).filter((name) => found.passages.some((trace) => trace.scores[name] > 0));
  const titles = [text("why-rank"), text("why-passage"), text("why-score"), ...names.map((name) => text(`retriever-${name}`) || name), text("why-wording")];
  const head = element("tr", "", ...titles.map((title) => scoped("col", title)));
  const rows = found.passages.map((trace) => row(trace, names, answer, passages));
  const caption = element("caption", "", element("span", "", text("why-caption")));
  caption.id = id;
  const whole = element("table", "", caption, element("thead", "", head), element("tbody", "", ...rows));
  const box = element("div", "table-box", whole);
  box.setAttribute("role", "region");
  box.setAttribute("aria-labelledby", id);
  box.tabIndex = 0; // what scrolls must be reachable by keyboard
  return [box];
}

/** @param {Trace} trace @param {string[]} names @param {Answer} answer @param {Answer["passages"]} passages */
function row(trace, names, answer, passages) {
  const passage = passages.find((one) => one.passage_id === trace.passage_id);
  const link = element("a", "", passage?.label ?? trace.passage_id);
  if (passage) link.setAttribute("href", readerAddress(passage.document_id, { passage: passage.passage_id }));
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener");
  link.append(element("span", "visually-hidden", ` ${text("new-tab")}`));
  const name = scoped("row", link);
  for (const { marker } of answer.citations.filter((citation) => citation.passage_id === trace.passage_id)) {
    name.append(" ", element("span", "cited-as", text("why-cited", { marker })));
  }
  const scores = [trace.score, ...names.map((one) => trace.scores[one] ?? 0)].map((score) => element("td", "figure", decimal(score)));
  const { wording } = trace;
  const nearest = wording ? text(wording.machine ? "wording-machine" : "wording-human", { text: wording.text }) : text("wording-none");
  return element("tr", "", element("td", "figure", String(trace.rank)), name, ...scores, element("td", "wording", nearest));
}

/** @param {"col" | "row"} scope @param {string | Node} content */
function scoped(scope, content) {
  const cell = element("th", "", content);
  cell.setAttribute("scope", scope);
  return cell;
}

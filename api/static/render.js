/** A question on the page and its answer as it comes; `card.js` shows the finished one. */

import { element, show, slot, stamp, text } from "./dom.js";
import { splitAnswer, unbroken, withoutPartialMarker } from "./text.js";

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
export function paragraphClass(words, index) {
  if (index === 0 && !words.startsWith("«")) return "lead";
  return words.length <= 60 && !/[.!?…»\]]$/.test(words) ? "lead-in" : "";
}

/** A reader's verdict on an answer, sent only when they give one; a server that keeps none says so once. */

import { show, slot, text } from "./dom.js";
import { post, Problem } from "./stream.js";

const SENT_AT_ONCE = "helpful"; // nothing is left to say

/** Whether the server keeps verdicts, as far as we know. */
let kept = true;

/** @param {HTMLElement} root the turn @param {string} answerId */
export function fillFeedback(root, answerId) {
  if (!kept) return;
  const section = slot(root, "feedback");
  const form = /** @type {HTMLFormElement} */ (slot(section, "comment-form"));
  const comment = /** @type {HTMLTextAreaElement} */ (slot(section, "comment"));
  const buttons = /** @type {HTMLButtonElement[]} */ ([...slot(section, "verdicts").querySelectorAll("button")]);
  let verdict = "";
  section.hidden = false;
  for (const button of buttons) {
    button.addEventListener("click", () => {
      verdict = button.value;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      form.hidden = verdict === SENT_AT_ONCE;
      if (form.hidden) send();
      else comment.focus();
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });

  async function send() {
    const state = slot(section, "feedback-state");
    try {
      await post("/v1/feedback", { answer_id: answerId, verdict, ...(comment.value.trim() && { comment: comment.value }) }, "application/json");
      close(state, text("feedback-thanks"));
    } catch (error) {
      if (error instanceof Problem && error.code === "feedback_off") {
        kept = false;
        close(state, error.message);
        for (const other of document.querySelectorAll("[data-slot=feedback]")) {
          if (other instanceof HTMLElement && other !== section) other.hidden = true;
        }
      } else show(state, error instanceof Problem ? error.message : text("unreachable"));
    }
  }

  /** @param {HTMLElement} state @param {string} words */
  function close(state, words) {
    slot(section, "asking").hidden = true;
    show(state, words);
    state.focus(); // the button that had it is gone
  }
}

/** The conversation: one question at a time, earlier questions sent along, nothing kept when the page closes. */

import { text } from "./dom.js";
import { Turn } from "./render.js";
import { ask, explained, Problem } from "./stream.js";

const EARLIER = 10; // questions sent along with a new one

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (byId("ask"));
const question = /** @type {HTMLTextAreaElement} */ (byId("question"));
const send = byId("send");
const log = byId("log");
const announcer = byId("announcer");

/** Earlier questions as the server understood them, identifying data already masked. @type {string[]} */
let turns = [];
/** Questions asked since the page opened. */
let asks = 0;
/** Whether a language model drafts: asking once more for what stands behind an answer would then be slow. */
let drafts = false;
/** The answer under way. @type {AbortController | null} */
let current = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (current) current.abort();
  else submit(question.value);
});

question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!current) submit(question.value);
});

question.addEventListener("input", fit);

for (const button of document.querySelectorAll(".examples button")) {
  button.addEventListener("click", () => submit(button.textContent ?? ""));
}

byId("restart").addEventListener("click", () => {
  current?.abort();
  turns = [];
  log.replaceChildren();
  announcer.textContent = "";
  showWelcome(true);
  question.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") current?.abort();
});

/** Browsers without `field-sizing` grow the box by hand. */
function fit() {
  if (CSS.supports("field-sizing", "content")) return;
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight}px`;
}

/** @param {boolean} shown */
function showWelcome(shown) {
  byId("welcome").hidden = !shown;
  byId("restart").hidden = shown;
}

/** @param {boolean} busy */
function setBusy(busy) {
  send.classList.toggle("busy", busy);
  byId("send-label").textContent = text(busy ? "stop" : "send");
}

/** @param {string} words */
async function submit(words) {
  const asked = words.replace(/\u00a0/g, " ").trim();
  if (asked === "") {
    question.focus();
    return;
  }
  current?.abort();
  asks += 1;
  const turn = new Turn(asked, asks);
  const controller = new AbortController();
  current = controller;
  question.value = "";
  fit();
  showWelcome(false);
  setBusy(true);
  log.append(turn.root);
  turn.root.scrollIntoView({ block: "start" });
  announcer.textContent = text("waiting");
  question.focus({ preventScroll: true });
  try {
    await follow(turn, asked, controller.signal);
  } catch (error) {
    const retry = () => {
      turn.root.remove();
      submit(asked);
    };
    if (controller.signal.aborted) turn.fail(text("stopped"), "", retry);
    else if (error instanceof Problem) turn.fail(error.message, error.requestId, retry);
    else turn.fail(text("unreachable"), "", retry);
  } finally {
    if (current === controller) {
      current = null;
      setBusy(false);
    }
  }
}

/** A reading of a vague question begins anew: what was too vague must not weigh on it. @param {string} reading */
function choose(reading) {
  turns = [];
  submit(reading);
}

/**
 * @param {Turn} turn
 * @param {string} asked
 * @param {AbortSignal} signal
 */
async function follow(turn, asked, signal) {
  let answer = "";
  let frame = 0;
  try {
    const earlier = turns.slice(-EARLIER);
    for await (const { event, data } of ask({ question: asked, turns: earlier, explain: drafts }, signal)) {
      if (event === "status") turn.addStep(data.text);
      if (event === "token") {
        answer += data.text;
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(() => turn.draft(answer));
      }
      if (event === "done") {
        cancelAnimationFrame(frame);
        turn.finish(data, { choose, explain: () => explained({ question: data.question, turns: earlier }) });
        drafts = data.drafting !== null;
        if (data.question) turns.push(data.question);
        announcer.textContent = text("announce", { answer: data.answer.replace(/\s*\[\d{1,2}\]/g, "") });
        return;
      }
    }
  } finally {
    cancelAnimationFrame(frame);
  }
  throw new Problem(text("cut"), "");
}

question.focus({ preventScroll: true });

/** The conversation: one question at a time, earlier questions sent along, nothing kept when the page closes. */

import { lendKey } from "./access.js";
import { announce, byId, text } from "./dom.js";
import { Turn } from "./render.js";
import { ask, explained, Problem } from "./stream.js";
import { watch } from "./warning.js";

const EARLIER = 10; // questions sent along with a new one
const PATIENCE = 6000; // milliseconds without a word from the server before the page says so
const touched = matchMedia("(pointer: coarse)"); // there a box that has the focus brings the keyboard up, over the answer

const form = /** @type {HTMLFormElement} */ (byId("ask"));
const question = /** @type {HTMLTextAreaElement} */ (byId("question"));
const send = byId("send");
const log = byId("log");

const warning = watch(question);

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
  else submit(question.value, true);
});

question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!current) submit(question.value, true);
});

question.addEventListener("input", fit);

for (const button of document.querySelectorAll(".examples button")) {
  button.addEventListener("click", () => submit(button.textContent ?? ""));
}

byId("restart").addEventListener("click", () => {
  current?.abort();
  turns = [];
  log.replaceChildren();
  announce("");
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

/**
 * @param {string} words
 * @param {boolean} [typed] whether they were in the box: what is typed there meanwhile stays
 */
async function submit(words, typed = false) {
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
  if (typed) {
    question.value = "";
    warning.close();
    fit();
  }
  showWelcome(false);
  setBusy(true);
  log.append(turn.root);
  turn.root.scrollIntoView({ block: "start" });
  announce(text("waiting"));
  (touched.matches ? turn.root : question).focus({ preventScroll: true });
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

/** A question that is offered is whole and begins anew: what came before must not weigh on it. @param {string} offered */
function choose(offered) {
  turns = [];
  submit(offered);
}

/**
 * @param {Turn} turn
 * @param {string} asked
 * @param {AbortSignal} signal
 */
async function follow(turn, asked, signal) {
  let answer = "";
  let frame = 0;
  const card = import("./card.js"); // comes while the server works
  card.catch(() => {});
  const impatient = () => {
    turn.addStep(text("slow"));
    announce(text("slow"));
  };
  let timer = setTimeout(impatient, PATIENCE);
  try {
    const earlier = turns.slice(-EARLIER);
    for await (const { event, data } of ask({ question: asked, turns: earlier, explain: drafts }, signal)) {
      clearTimeout(timer);
      if (event === "status") turn.addStep(data.text);
      if (event === "token") {
        answer += data.text;
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(() => turn.draft(answer));
      }
      if (event === "done") {
        const { finish } = await card;
        cancelAnimationFrame(frame);
        const explain = () => explained({ question: data.question, turns: earlier });
        announce(finish(turn, data, { choose, explain }));
        answer = "";
        drafts = data.drafting !== null;
        if (data.question) turns.push(data.question);
        return;
      }
      timer = setTimeout(impatient, PATIENCE);
    }
  } finally {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    if (answer) turn.draft(answer); // what had come before it stopped
  }
  throw new Problem(text("cut"), "");
}

lendKey();
if (!touched.matches) question.focus({ preventScroll: true });

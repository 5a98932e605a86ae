/** The panel: what it is, the conversation, the box. Nothing of it outlives the page. */

import { hiddenIn } from "../kinds.js";
import { ask, Problem } from "./asking.js";
import { Card, verdictOf } from "./card.js";
import { button, icon, node, unseen } from "./nodes.js";
import { usesOf } from "./using.js";
import { warningOf } from "./watching.js";
import { text } from "./words.js";

const EARLIER = 10; // questions sent along with a new one
const TOUCHED = matchMedia("(pointer: coarse)");

/**
 * @typedef {object} Options
 * @property {string} title
 * @property {number} level of the panel's heading
 * @property {string[]} questions to begin with
 * @property {() => import("./asking.js").Service} service where to ask now
 * @property {(() => void) | null} close hide the panel; null where it is part of the page
 */

export class Panel {
  /** Earlier questions as the server understood them, identifying data already masked. @type {string[]} */
  #turns = [];
  /** The answer under way. @type {AbortController | null} */
  #current = null;

  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    const { title, level, questions, close } = options;
    this.heading = node(`h${level}`, { id: "title", tabindex: "-1" }, title);
    this.again = button("quiet", () => this.restart(), text("restart"));
    const closing = close ? [button("round", close, icon("cross"), unseen(text("close")))] : [];
    const examples = questions.map((question) => node("li", {}, button("choice", () => this.submit(question), question)));
    this.welcome = node("div", { class: "welcome" }, node("p", {}, text("what")), node("p", { class: "small" }, text("what-not")));
    if (examples.length > 0) this.welcome.append(node("ul", { class: "choices", "aria-label": text("examples") }, ...examples));
    this.log = node("div", { role: "log", "aria-live": "off", "aria-label": text("conversation") });
    this.scroller = node("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": text("conversation-region") }, this.welcome, this.log);
    this.announcer = node("p", { class: "unseen", role: "status" });
    this.box = /** @type {HTMLTextAreaElement} */ (
      node("textarea", {
        id: "question", rows: "1", maxlength: "8000", "aria-describedby": "notice", placeholder: text("placeholder"), enterkeyhint: "send",
        // No service of the browser reads what is typed.
        autocomplete: "off", spellcheck: "false", autocorrect: "off", writingsuggestions: "false", "data-gramm": "false",
      })
    );
    this.warning = warningOf(this.box);
    this.sendWords = unseen("");
    this.send = /** @type {HTMLButtonElement} */ (node("button", { type: "submit", class: "round send" }, icon("arrow"), this.sendWords));
    const form = node("form", {}, node("label", { for: "question" }, text("label")), node("div", { class: "box" }, this.box, this.send));
    this.nodes = [
      node("div", { class: "head" }, this.heading, this.again, ...closing),
      this.scroller,
      node("div", { class: "composer" }, this.warning.root, form, node("p", { class: "small", id: "notice" }, node("strong", {}, text("no-names")), ` ${text("automatic")}`)),
      this.announcer,
    ];
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#current) this.stop();
      else this.submit(this.box.value);
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.#current) this.submit(this.box.value);
    });
    this.#show();
  }

  /** End the answer under way. */
  stop() {
    this.#current?.abort();
  }

  restart() {
    this.stop();
    this.#turns = [];
    this.log.replaceChildren();
    this.announcer.textContent = "";
    this.#show();
    this.box.focus();
  }

  /** @param {string} words */
  async submit(words) {
    const asked = words.replace(/\u00a0/g, " ").trim();
    if (asked === "") return this.box.focus();
    this.stop();
    const { level, service } = this.options;
    const card = new Card(asked, Math.min(level + 1, 6), service());
    const controller = new AbortController();
    this.#current = controller;
    this.box.value = "";
    this.warning.look();
    this.log.append(card.root);
    this.#show();
    // Not scrollIntoView: the page around stays where it is.
    this.scroller.scrollTop += card.root.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
    this.#announce(text("waiting"));
    (TOUCHED.matches ? this.scroller : this.box).focus({ preventScroll: true }); // a phone's keyboard would hide the answer
    try {
      await this.#follow(card, asked, controller.signal);
    } catch (error) {
      const retry = () => {
        card.root.remove();
        this.submit(asked);
      };
      if (controller.signal.aborted) card.fail(text("stopped"), "", retry);
      else if (error instanceof Problem) card.fail(error.message, error.requestId, retry);
      else card.fail(text("failed"), "", retry);
    } finally {
      if (this.#current === controller) this.#current = null;
      this.#show();
    }
  }

  /**
   * @param {Card} card
   * @param {string} asked
   * @param {AbortSignal} signal
   */
  async #follow(card, asked, signal) {
    let answer = "";
    let frame = 0;
    try {
      for await (const { event, data } of ask(card.service, { question: asked, turns: this.#turns.slice(-EARLIER) }, signal)) {
        if (event === "status") card.addStep(data.text);
        if (event === "token") {
          answer += data.text;
          cancelAnimationFrame(frame);
          frame = requestAnimationFrame(() => card.draft(answer));
        }
        if (event !== "done") continue;
        cancelAnimationFrame(frame);
        card.finish(data, (reading) => {
          this.#turns = []; // what was too vague must not weigh on it
          this.submit(reading);
        });
        card.root.append(usesOf(data, card.service, (words) => this.#announce(words)));
        if (data.question) this.#turns.push(data.question);
        const said = text("announce", { answer: data.answer.replace(/\s*\[\d{1,2}\]/g, "") });
        const verdict = verdictOf(data);
        return this.#announce([hiddenIn(data.redactions), verdict?.said, verdict?.word, said].filter(Boolean).join(" "));
      }
    } finally {
      cancelAnimationFrame(frame);
    }
    throw new Problem(text("cut"));
  }

  /** Have a sentence read once; the growing answer itself never is. @param {string} words */
  #announce(words) {
    this.announcer.textContent = words;
  }

  /** Bring buttons and the first words in line with what is going on. */
  #show() {
    const begun = this.log.childElementCount > 0;
    this.welcome.hidden = begun;
    this.again.hidden = !begun;
    this.send.classList.toggle("busy", this.#current !== null);
    this.sendWords.textContent = text(this.#current ? "stop" : "send");
  }
}

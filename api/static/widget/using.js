/** What a reader does with a finished answer: copy it with its references, say what it was worth. */

import { referenceOf } from "../labels.js";
import { judge, readerAddress } from "./asking.js";
import { verdictOf } from "./card.js";
import { button, node } from "./nodes.js";
import { text } from "./words.js";

/**
 * @typedef {import("./asking.js").Answer} Answer
 * @typedef {import("./asking.js").Service} Service
 */

const VERDICTS = ["helpful", "wrong_source", "incomplete", "not_my_situation"];

/** Servers known to keep no verdicts. @type {Set<string>} */
const deaf = new Set();

/** @param {Answer} answer @param {Service} service @param {(words: string) => void} announce */
export function usesOf(answer, service, announce) {
  const root = node("div", { class: "uses" });
  if (answer.outcome === "answered") root.append(button("quiet", () => copy(root, withReferences(answer, service), announce), text("copy")));
  if (answer.outcome !== "clarification" && !deaf.has(service.server)) root.append(verdicts(answer, service, announce));
  return root;
}

/** An answer as plain text, each source with its name, date and address. @param {Answer} given @param {Service} service */
export function withReferences(given, service) {
  const { question, answer, citations } = given;
  const verdict = verdictOf(given);
  const sources = citations.map((citation) => {
    const { marker, document_id: id, passage_id: passage, start, end } = citation;
    return `[${marker}] ${referenceOf(citation, { sheet: text("name-sheet"), reread: text("reread") })}\n${readerAddress(service, id, { passage, start, end })}`;
  });
  return [question, ...(verdict ? [`${verdict.said} ${verdict.word}`] : []), answer, `${text("sources")}\n${sources.join("\n")}`, text("made-by")].join("\n\n");
}

/** @param {HTMLElement} root @param {string} words @param {(words: string) => void} announce */
async function copy(root, words, announce) {
  try {
    await navigator.clipboard.writeText(words); // no such thing on a page that came by plain http
    say(root, "copied", announce);
  } catch {
    const box = /** @type {HTMLTextAreaElement} */ (node("textarea", { class: "copy", readonly: true, rows: "6", "aria-label": text("copy-by-hand") }));
    box.value = words;
    root.querySelector(".copy")?.remove();
    root.append(box);
    box.focus();
    box.select();
  }
}

/** @param {Answer} answer @param {Service} service @param {(words: string) => void} announce */
function verdicts(answer, service, announce) {
  const group = node("div", { class: "verdicts", role: "group", "aria-label": text("verdict") });
  const told = async (/** @type {string} */ verdict) => {
    try {
      const kept = await judge(service, answer.id, verdict);
      if (!kept) deaf.add(service.server);
      const said = node("p", { class: "small", tabindex: "-1" }, text(kept ? "thanks" : "verdicts-off"));
      const held = group.contains(/** @type {ShadowRoot} */ (group.getRootNode()).activeElement);
      group.replaceChildren(said);
      if (held) said.focus();
      announce(said.textContent ?? "");
    } catch {
      say(group, "verdict-lost", announce);
    }
  };
  group.append(node("p", { class: "small" }, text("verdict")), ...VERDICTS.map((verdict) => button("quiet", () => told(verdict), text(`verdict-${verdict}`))));
  return group;
}

/** Show a short sentence, and have it read. @param {HTMLElement} root @param {string} key @param {(words: string) => void} announce */
function say(root, key, announce) {
  root.querySelector(".said")?.remove();
  root.append(node("p", { class: "small said" }, text(key)));
  announce(text(key));
}

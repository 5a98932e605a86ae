/** An answer as a Markdown file, in which whatever a document or a reader wrote stays text. */

import { addressOf, reference, today } from "./copying.js";
import { element, text } from "./dom.js";
import { splitAnswer } from "./text.js";

/** @typedef {import("./copying.js").Exchange} Exchange */

/** Text in which no sign is markup. @param {string} words */
export const inert = (words) =>
  words
    .replace(/[\\`*_[\]<>&~|$]/g, "\\$&")
    .replace(/:(?=\/\/)/g, "\\:") // an address stays words
    .replace(/^(\s*)([#+=-])/gm, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/gm, "$1\\$2")
    .replace(/^(?: {4}|\t)/gm, " ");

/** @param {string} words */
const quoted = (words) => inert(words).split("\n").map((line) => `> ${line}`.trimEnd()).join("\n"); // prettier-ignore

/** @param {Exchange} exchange */
export function markdown({ answer, verdict }) {
  const blocks = splitAnswer(answer.answer, answer.citations).map((block) => {
    if (block.kind === "citation") return quoted(`« ${block.citation.quote} » [${block.citation.marker}]`);
    if (block.kind === "list") return block.items.map((item) => `- ${inert(item)}`).join("\n");
    return inert(block.text);
  });
  const sources = answer.citations.map((citation) => {
    const address = addressOf(citation);
    return `${citation.marker}. ${address ? `[${inert(reference(citation))}](<${address}>)` : inert(reference(citation))}`;
  });
  const references = sources.length > 0 ? [`## ${text("references")}`, sources.join("\n")] : [];
  return [`# ${inert(oneLine(answer.question))}`, verdict && `**${inert(verdict)}**`, ...blocks, ...references, `*${text("made", { date: today() })}*`]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

/** @param {string} words */
const oneLine = (words) => words.replace(/\s+/g, " ").trim();

/** Hand the file to the browser. @param {Exchange} exchange */
export function download(exchange) {
  const address = URL.createObjectURL(new Blob([markdown(exchange)], { type: "text/markdown;charset=utf-8" }));
  const link = /** @type {HTMLAnchorElement} */ (element("a", ""));
  link.href = address;
  link.download = `deonto-${new Date().toLocaleDateString("sv")}.md`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

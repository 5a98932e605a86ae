/** Pure text: blocks of an answer and markers. Nothing here touches the page. */

/**
 * @typedef {object} Citation
 * @property {number} marker counts from 1
 * @property {string} passage_id
 * @property {string} document_id
 * @property {string} label
 * @property {string} title of the document
 * @property {string} kind of document
 * @property {string} locator place in the document, or ""
 * @property {string} date ISO, possibly partial, or ""
 * @property {string} quote the exact words
 * @property {number} start offset in characters of the document, not in UTF-16 units
 * @property {number} end
 * @property {string} context the whole passage
 * @property {string | null} notice
 */

/**
 * A part of an answer that is shown on its own.
 * @typedef {{kind: "text", text: string} | {kind: "list", items: string[]} | {kind: "citation", citation: Citation}} Block
 */

const SPACE = "[\\s\\u00a0\\u202f]*";
const MARKER = /\[(\d{1,2})\]/g;
const ITEM = /^\s*[-–•]\s+(\S.*)$/;

/** @param {string} text */
export const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");

/**
 * Cut an answer into paragraphs, lists and citations.
 *
 * A quotation becomes a citation of its own only where it ends a paragraph and is one of the known quotes, word for
 * word, followed by its marker; everywhere else the text stays as it is, marker included.
 * @param {string} answer
 * @param {readonly Citation[]} citations
 * @returns {Block[]}
 */
export function splitAnswer(answer, citations) {
  /** @type {{start: number, end: number, citation: Citation}[]} */
  const found = [];
  for (const citation of citations) {
    const pattern = new RegExp(`«${SPACE}${escaped(citation.quote.trim())}${SPACE}»${SPACE}\\[${citation.marker}\\]\\.?(?=\\s*(?:\\n|$))`);
    const match = pattern.exec(answer);
    if (match && startsItsLine(answer, match.index)) {
      found.push({ start: match.index, end: match.index + match[0].length, citation });
    }
  }
  found.sort((a, b) => a.start - b.start);
  /** @type {Block[]} */
  const blocks = [];
  let at = 0;
  for (const { start, end, citation } of found) {
    if (start < at) continue;
    blocks.push(...paragraphs(answer.slice(at, start)), { kind: "citation", citation });
    at = end;
  }
  blocks.push(...paragraphs(answer.slice(at)));
  return blocks;
}

/**
 * A quotation opens a line, or follows a short lead-in such as "Exception :".
 * @param {string} answer
 * @param {number} index
 */
function startsItsLine(answer, index) {
  const before = answer.slice(answer.lastIndexOf("\n", index - 1) + 1, index).trim();
  return before === "" || /^.{1,80}[:：]$/u.test(before);
}

/**
 * @param {string} text
 * @returns {Block[]}
 */
function paragraphs(text) {
  return text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .flatMap(withLists);
}

/**
 * A paragraph with the lists inside it; a quotation stays whole.
 * @param {string} paragraph
 * @returns {Block[]}
 */
function withLists(paragraph) {
  if (paragraph.startsWith("«")) return [{ kind: "text", text: paragraph }];
  /** @type {Block[]} */
  const blocks = [];
  for (const line of paragraph.split("\n")) {
    const item = ITEM.exec(line)?.[1];
    const last = blocks.at(-1);
    if (item !== undefined && last?.kind === "list") last.items.push(item);
    else if (item !== undefined) blocks.push({ kind: "list", items: [item] });
    else if (last?.kind === "text") last.text += `\n${line}`;
    else blocks.push({ kind: "text", text: line });
  }
  return blocks;
}

/**
 * Cut a text at its markers: strings are words, numbers are markers.
 * @param {string} text
 * @returns {(string | number)[]}
 */
export function splitMarkers(text) {
  return text.split(MARKER).map((part, index) => (index % 2 ? Number(part) : part));
}

/**
 * Leave out a marker whose end has not arrived yet.
 * @param {string} text
 */
export const withoutPartialMarker = (text) => text.replace(/\s*\[\d{0,2}$/, "");

/** Keep a French sign with the word before it. @param {string} text */
export const unbroken = (text) => text.replace(/ ([:;?!»])/g, "\u00a0$1").replace(/« /g, "«\u00a0");

/**
 * Fill the {names} of a sentence.
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

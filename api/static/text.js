/** Pure text: blocks of an answer, markers, dates. Nothing here touches the page. */

/**
 * @typedef {object} Citation
 * @property {number} marker counts from 1
 * @property {string} passage_id
 * @property {string} document_id
 * @property {string} label
 * @property {string} date ISO, possibly partial, or ""
 * @property {string} quote the exact words
 * @property {number} start offset in characters of the document, not in UTF-16 units
 * @property {number} end
 * @property {string} context the whole passage
 * @property {string | null} notice
 */

/**
 * A part of an answer that is shown on its own.
 * @typedef {{kind: "text", text: string} | {kind: "citation", citation: Citation}} Block
 */

const SPACE = "[\\s\\u00a0\\u202f]*";
const MARKER = /\[(\d{1,2})\]/g;

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");

/**
 * Cut an answer into paragraphs and citations.
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
    .map((part) => ({ kind: "text", text: part }));
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

/**
 * The lines of a list, or null for any other text.
 * @param {string} text
 */
export function listItems(text) {
  const lines = text.split("\n");
  return lines.every((line) => /^\s*[-–•]\s+\S/.test(line)) ? lines.map((line) => line.replace(/^\s*[-–•]\s+/, "")) : null;
}

/**
 * "2026-01" as "janvier 2026"; what is not an ISO date is returned as it came.
 * @param {string} iso
 */
export function frenchDate(iso) {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(iso);
  if (!match) return iso;
  const [, year, month, day] = match;
  const date = new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)));
  const words = new Intl.DateTimeFormat("fr-FR", {
    timeZone: "UTC",
    year: "numeric",
    ...(month && { month: "long" }),
    ...(day && { day: "numeric" }),
  }).format(date);
  return words.replace(/^1 /, "1er ");
}

/**
 * Fill the {names} of a sentence.
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

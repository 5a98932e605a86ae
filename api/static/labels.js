/** Pure text of a finished answer: what a source is called, dates, figures. Nothing here touches the page. */

import { escaped, fill } from "./text.js";

/** @typedef {import("./text.js").Citation} Citation */

const DASH = " — ";

/**
 * What people call a document, and the place or the sources that its label adds.
 * @param {string} label
 * @returns {{name: string, rest: string}}
 */
export function nameOf(label) {
  const at = label.indexOf(DASH);
  if (at > 0) return { name: label.slice(0, at), rest: label.slice(at + DASH.length) };
  return { name: label, rest: "" };
}

/** The sources that a sheet's label names between brackets at its end, "" for none. @param {string} label */
export const originOf = (label) => /\(((?:[^()]|\([^()]*\))*)\)$/.exec(label)?.[1] ?? "";

/**
 * What is written over a citation: its label and place, or its place alone after one of the same document.
 * @param {Citation} citation
 * @param {Citation | undefined} before the one that is shown above it
 * @param {string} opening what to call the place that bears the document's own title
 */
export function chipOf(citation, before, opening) {
  const { label, title, locator } = citation;
  const place = label.includes(locator.replace(/^art\. /, "")) || locator === title ? "" : locator;
  if (before?.document_id !== citation.document_id) return { label, place };
  if (label !== before.label) {
    const rest = label.slice(sharedPart(label, before.label));
    return rest === label ? { label, place } : { label: "", place: rest };
  }
  const ending = label.includes(DASH) ? label.slice(label.lastIndexOf(DASH) + DASH.length) : "";
  const only = place || (locator && locator === title ? opening : ending);
  return only ? { label: "", place: only } : { label, place };
}

/**
 * How many characters two labels share that name the document: up to a dash, or else a comma.
 * @param {string} label
 * @param {string} other
 */
function sharedPart(label, other) {
  let length = 0;
  while (length < label.length && label[length] === other[length]) length += 1;
  const shared = label.slice(0, length);
  const separator = shared.includes(DASH) ? DASH : ", ";
  return shared.includes(separator) ? shared.lastIndexOf(separator) + separator.length : 0;
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
 * When the words were written, or a sheet was read again; "" where the label or the warning says it already.
 * @param {Citation} citation
 * @param {string} reread how it is said of a sheet, with {date}
 */
export function datedOf({ date, kind, label, notice }, reread) {
  if (kind === "sheet") return date && fill(reread, { date: frenchDate(date) });
  const said = frenchDate(date);
  return label.includes(date.slice(0, 4)) || notice?.includes(said) ? "" : said;
}

/**
 * A citation as it is written in a letter: name, place, date, warning.
 * @param {Citation} citation
 * @param {{sheet: string, reread: string}} said how a sheet is named, with {title}, and its date, with {date}
 */
export function referenceOf(citation, said) {
  const { label, locator, title, notice, kind } = citation;
  const origin = originOf(label);
  const sheet = fill(said.sheet, { title }) + (origin && ` (${origin})`);
  const place = locator === title || label.includes(locator.replace(/^art\. /, "")) ? "" : locator;
  return [kind === "sheet" ? sheet : label, place, datedOf(citation, said.reread), notice ?? ""].filter(Boolean).join(", ");
}

/**
 * Cut a text before and after each of some words, which stay.
 * @param {string} text
 * @param {readonly string[]} words
 */
export const splitAt = (text, words) => text.split(new RegExp(`(${words.map(escaped).join("|")})`)).filter((part) => part !== "");

/** A figure with two decimals at most. @param {number} value */
export const decimal = (value) => new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 }).format(value);

/** A share as a whole percentage, rounded down: nothing is said to be surer than it is. @param {number} value */
export const percent = (value) => new Intl.NumberFormat("fr-FR", { style: "percent" }).format(Math.floor(value * 100) / 100);

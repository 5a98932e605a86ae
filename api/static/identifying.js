/**
 * Identifying data in a text being typed, guessed from its shape. Nothing here leaves the browser or touches the page.
 *
 * A hint while there is still time: the server looks again, with more, before anything is done with a question.
 */

import { names } from "./naming.js";

/**
 * @typedef {object} Seen
 * @property {string} kind as in the `redactions` of an answer
 * @property {string} placeholder key of what stands in its place
 * @property {number} start in UTF-16 units, as is the end
 * @property {number} end
 */

const LONGEST = 8000; // what the box holds
const GAP = "[\\s._/\\-–]{0,2}";
const START = "(?:^|[^\\p{L}\\d])";
const END = "(?![\\p{L}\\d])";
const NUMBER = "(?:\\s*(?:n°|no?|num[ée]ro|nr|id|:|#))*\\s*"; // between the word that announces a number and the number
const MONTH = "janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|sept?(?:embre)?|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?";
const DAY = `\\d{1,2}\\s?[/.\\-]\\s?\\d{1,2}\\s?[/.\\-]\\s?(?:\\d{4}|\\d{2})|\\d{1,2}(?:er)?\\s+(?:${MONTH})\\.?(?:\\s+\\d{4})?|(?:${MONTH})\\s+\\d{4}`;
const STREET = "rue|avenue|ave?\\.?|boulevard|b(?:oulevar|l?v?)d\\.?|place|impasse|all[ée]es?|chemin|cours|quai|route|square|r[ée]sidence|lotissement|passage|faubourg|hameau|ruelle|esplanade|sentier|villa|cit[ée]|mont[ée]e";
const LINK = "(?:de\\s+|du\\s+|des\\s+|la\\s+|le\\s+|les\\s+|[dl]\\s?['’]\\s?)*";
const TOWN = "(?:\\s*,?\\s*(?:[àa]\\s+)?\\d{5}(?:\\s+\\p{L}[\\p{L}'’\\-]*)?)?";
const COURT = /d[ée]cision|arr[êe]t|chambre|cour\b|tribunal|pourvoi|jurisprudence|conseil d['’]|juridiction|\bordre\b|cnom|cada/i;

/** Kinds by the shape of their numbers; `it` is what identifies, where the words around must stay. @type {[string, RegExp][]} */
const SHAPES = [
  ["email", /[\p{L}\d.+%_'-]{1,64}(?:\s?(?:@|\(at\)|\[at\]| arobase )\s?)[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63})+/giu],
  ["iban", rule(`(?<it>[a-z]{2}\\d{2}(?:[ ]?[\\da-z]{4}){3,7}(?:[ ]?[\\da-z]{1,3})?)${END}`)],
  ["bank_card", rule(`(?<it>\\d{4}([ -]?)\\d{4}\\2\\d{4}\\2\\d{4})${END}`)],
  ["nir", rule(`(?<it>[1-478]${GAP}\\d{2}${GAP}(?:0[1-9]|[1-9]\\d)${GAP}(?:\\d{2}|2[ab])${GAP}\\d{3}${GAP}\\d{3}(?:${GAP}\\d{2})?)${END}`)],
  ["rpps", rule(`rpps${NUMBER}(?<it>\\d(?:[ .]?\\d){10})${END}`)],
  ["rpps", rule(`(?<it>[18]\\d{10})${END}`)],
  ["adeli", rule(`adeli${NUMBER}(?<it>\\d(?:[ .]?[\\dab]){8})${END}`)],
  ["finess", rule(`finess${NUMBER}(?<it>\\d(?:[ .]?[\\dab]){8})${END}`)],
  ["phone", rule(`(?<it>(?:\\(?(?:\\+|00)${GAP}33\\)?${GAP}(?:\\(0\\)${GAP})?|0)[1-9](${GAP})\\d\\d(?:\\2\\d\\d){3})${END}`)],
  ["phone", rule(`(?<it>(?:\\+|00)\\d{1,3}(?:[ .-]?\\d){7,12})${END}`)],
  ["birth", rule(`(?:n[ée](?:\\(?e\\)?)?|naissance|ddn|d\\.d\\.n\\.?)(?:\\s+(?:le|en)|\\s*[:,])*\\s*(?<it>${DAY}|(?:19|20)\\d\\d)${END}`)],
  ["death", rule(`(?:d[ée]c[ée]d[ée]e?s?|d[ée]c[èe]s|dcd(?:ee?)?|morte?)(?:\\s+(?:le|en|du|au|depuis)|\\s*[:,])*\\s*(?<it>${DAY})${END}`)],
  ["address", rule(`(?<it>\\d{1,4}(?:\\s?(?:bis|ter|quater))?\\s*,?\\s*(?:${STREET})\\s+${LINK}\\p{L}[\\p{L}'’\\-]*${TOWN})${END}`)],
  ["file", rule(`(?:dossier(?:\\s+(?:patient|m[ée]dical))?|s[ée]jour|ipp|iep|nip|nda|patient)${NUMBER}(?<it>[a-z]{0,4}[-/]?\\d{2}[\\d/-]{2,}[a-z]?)${END}`)],
  ["room", rule(`(?:chambre|ch\\.|chb|(?:au|du)\\s+lit|box)${NUMBER}(?<it>[a-z]?\\d{1,4}[a-z]?)${END}`)],
  ["identity_paper", rule(`(?:carte d['’ ]identit[ée]|cni|passeport|titre de s[ée]jour)${NUMBER}(?<it>[a-z]{0,4}\\d[a-z\\d]{7,11})${END}`)],
  ["plate", rule(`(?<it>[a-hj-np-tv-z]{2}-\\d{3}-[a-hj-np-tv-z]{2})${END}`)],
  ["username", rule(`(?<it>@[a-z\\d][\\w.-]{2,})`)],
  ["username", rule(`(?:pseudo(?:nyme)?|identifiant|login)${NUMBER}(?<it>(?=[\\p{L}.-]*[\\d_])[\\p{L}\\d_.-]{4,})`)],
];

/** @param {string} source */
function rule(source) {
  return new RegExp(START + source, "dgiu");
}

/**
 * Find what seems to identify somebody, in the order of the text; stretches do not overlap.
 * @param {string} text
 * @returns {Seen[]}
 */
export function identifying(text) {
  const known = text.slice(0, LONGEST);
  /** @type {Seen[]} */
  const found = [];
  for (const [kind, pattern] of SHAPES) {
    for (const match of known.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.it ?? [match.index, match.index + match[0].length];
      if (holds(kind, known, start, end)) found.push({ kind, placeholder: kind, start, end });
    }
  }
  // Shapes come first: a name inside an address is part of it.
  found.push(...names(known).map(({ who, start, end }) => ({ kind: "name", placeholder: who, start, end })));
  /** @type {Seen[]} */
  const kept = [];
  for (const one of found) {
    if (kept.every(({ start, end }) => one.end <= start || end <= one.start)) kept.push(one);
  }
  return kept.sort((a, b) => a.start - b.start);
}

/** What a shape alone does not tell. @param {string} kind @param {string} text @param {number} start @param {number} end */
function holds(kind, text, start, end) {
  const digits = text.slice(start, end).replace(/\D/g, "");
  if (kind === "iban") return digits.length >= 10;
  if (kind === "bank_card") return luhn(digits);
  if (kind === "file" && digits.length < 5 && !/(?:n°|[:#])\s*$/.test(text.slice(0, start))) return false; // a year
  // Decisions have file numbers too, which lead to nobody.
  if (kind === "file") return !COURT.test(text.slice(Math.max(0, start - 60), end + 40));
  return true;
}

/** @param {string} digits */
function luhn(digits) {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/**
 * Put placeholders in the place of what was found.
 * @param {string} text
 * @param {readonly Seen[]} seen as {@link identifying} gives it
 * @param {(seen: Seen) => string} placeholder
 */
export function masked(text, seen, placeholder) {
  let at = 0;
  let whole = "";
  for (const one of seen) {
    whole += text.slice(at, one.start) + placeholder(one);
    at = one.end;
  }
  return whole + text.slice(at);
}

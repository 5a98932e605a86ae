/** Kinds of identifying data in words, the same before a question is sent and after its answer. */

import { text } from "./dom.js";

/**
 * "un nom et 2 numéros de téléphone": each kind once, in the order of first use.
 * @param {readonly {kind: string}[]} found
 */
export function kindsOf(found) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { kind } of found) {
    const known = text(`kind-${kind}`) ? kind : "other";
    counts.set(known, (counts.get(known) ?? 0) + 1);
  }
  const said = [...counts].map(([kind, count]) => text(count > 1 ? `kinds-${kind}` : `kind-${kind}`, { count }));
  return new Intl.ListFormat("fr").format(said);
}

/** The sentence that says what was hidden in a question, "" when nothing was. @param {readonly {kind: string}[]} redactions */
export const hiddenIn = (redactions) => (redactions.length > 0 ? text("redaction", { kinds: kindsOf(redactions) }) : "");

/** What the server puts into the widget: its French words, its styles. `api/assembling.py` writes them here. */

/** Sentences by key, with {names} to fill. @type {Record<string, string>} */
export const WORDS = {};

export const STYLES = "";

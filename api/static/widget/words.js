/** The widget's own sentences. In the assembled file this stands where the pages have `dom.js`. */

import { fill } from "../text.js";
import { WORDS } from "./given.js";

/** A sentence by its key; "" for one it does not have. @param {string} key @param {Record<string, string | number>} [values] */
export const text = (key, values = {}) => fill(Object.hasOwn(WORDS, key) ? WORDS[key] : "", values);

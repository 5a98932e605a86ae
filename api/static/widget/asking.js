/** Talking to the server: a question, a verdict. Nothing goes out before somebody asks. */

import { serverEvents } from "../events.js";
import { text } from "./words.js";

/**
 * @typedef {import("../text.js").Citation} Citation
 * @typedef {{passage_id: string, document_id: string, label: string, text: string}} Passage
 *
 * @typedef {object} Answer
 * @property {string} id
 * @property {string} question after redaction
 * @property {"answered" | "refused" | "clarification"} outcome
 * @property {string | null} [verdict] the answer in a word
 * @property {string} answer
 * @property {Citation[]} citations
 * @property {Passage[]} passages
 * @property {{kind: string, placeholder: string}[]} redactions
 * @property {string[]} readings questions to choose from
 * @property {number | null} false_premise marker of the citation that contradicts the question
 * @property {string | null} notice how the answer was made, where that is not as usual
 *
 * @typedef {{server: string, key: string}} Service where to ask: the address that its routes stand below, and the access key or ""
 */

/** What went wrong, in words that can be shown. */
export class Problem extends Error {
  /** @param {string} message @param {string} [code] @param {string} [requestId] */
  constructor(message, code = "", requestId = "") {
    super(message);
    this.code = code;
    this.requestId = requestId;
  }
}

/**
 * Ask; the events come in the order of the contract, and an `error` event is thrown as a {@link Problem}.
 * @param {Service} service
 * @param {{question: string, turns: string[]}} body
 * @param {AbortSignal} signal
 */
export async function* ask(service, body, signal) {
  const response = await post(service, "v1/answers/stream", body, "text/event-stream", signal);
  try {
    for await (const { event, data } of serverEvents(/** @type {ReadableStream<Uint8Array>} */ (response.body))) {
      if (event === "error") throw new Problem(data.error.message, data.error.code, data.error.request_id);
      yield { event, data };
    }
  } catch (error) {
    if (error instanceof Problem || signal.aborted) throw error;
    throw new Problem(text("cut"));
  }
}

/** Tell what an answer was worth; false where the server keeps no verdicts. @param {Service} service @param {string} answer @param {string} verdict */
export async function judge(service, answer, verdict) {
  try {
    await post(service, "v1/feedback", { answer_id: answer, verdict }, "application/json");
    return true;
  } catch (error) {
    if (error instanceof Problem && error.code === "feedback_off") return false;
    throw error;
  }
}

/** A passage in the reader. @param {Service} service @param {string} documentId @param {Record<string, string | number>} query */
export function readerAddress({ server }, documentId, query) {
  const words = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return `${server}documents/${encodeURIComponent(documentId)}?${words}#passage`;
}

/**
 * @param {Service} service
 * @param {string} path
 * @param {object} body
 * @param {string} accept
 * @param {AbortSignal} [signal]
 */
async function post({ server, key }, path, body, accept, signal) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(server + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: accept, ...(key && { Authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      redirect: "error",
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(text(navigator.onLine ? "unreachable" : "offline"));
  }
  if (response.ok) return response;
  const said = await response.json().then(({ error }) => error, () => null);
  throw new Problem(saying(response, said), said?.code, said?.request_id);
}

/** @param {Response} response @param {{code: string, message: string} | null} said */
function saying({ status, headers }, said) {
  if (status === 401) return text("no-key");
  if (status === 403) return text("no-entry");
  const seconds = Number(headers.get("Retry-After"));
  if (status === 429 && seconds > 0) return text("too-many", { wait: lasting(seconds) });
  return said?.message || text("failed");
}

/** "40 secondes", "3 minutes". @param {number} seconds */
function lasting(seconds) {
  const [unit, count] = seconds < 100 ? ["second", seconds] : seconds < 6000 ? ["minute", seconds / 60] : ["hour", seconds / 3600];
  return new Intl.NumberFormat("fr-FR", { style: "unit", unit: String(unit), unitDisplay: "long" }).format(Math.ceil(Number(count)));
}

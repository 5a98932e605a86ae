/** Asking the server, event by event. */

import { askForKey, authorization } from "./access.js";
import { text } from "./dom.js";
import { serverEvents } from "./events.js";

/**
 * @typedef {object} Passage
 * @property {string} passage_id
 * @property {string} document_id
 * @property {string} label
 * @property {string} text
 *
 * @typedef {object} Answer
 * @property {string} id
 * @property {string} question after redaction
 * @property {string} standalone_question as understood, after the earlier ones
 * @property {"answered" | "refused" | "clarification"} outcome
 * @property {string | null} reason
 * @property {string} answer
 * @property {import("./text.js").Citation[]} citations
 * @property {Passage[]} passages
 * @property {{kind: string, placeholder: string}[]} redactions
 * @property {string[]} readings questions to choose from
 * @property {number | null} false_premise marker of the citation that contradicts the question
 * @property {string | null} notice how the answer was made, where that is not as usual
 * @property {{model: string, kept: number, dropped: Record<string, number>} | null} drafting
 * @property {string | null} [verdict] the answer in a word
 * @property {string[]} [suggestions] questions near this one
 * @property {Explanation} [explain] only where it was asked for
 *
 * @typedef {object} Explanation
 * @property {string[]} words
 * @property {string[]} expanded
 * @property {string[]} references
 * @property {Trace[]} passages
 * @property {number} confidence between 0 and 1, as is the threshold
 * @property {number} threshold
 *
 * @typedef {object} Trace
 * @property {string} passage_id
 * @property {number} rank counts from 1
 * @property {number} score
 * @property {Record<string, number>} scores by retriever
 * @property {{text: string, machine: boolean} | null} wording
 *
 * @typedef {object} Question
 * @property {string} question
 * @property {string[]} turns earlier questions, oldest first
 * @property {boolean} [explain] whether to say what stands behind the answer
 *
 * @typedef {{event: "status", data: {stage: string, text: string}}
 *   | {event: "passages", data: {passages: Passage[]}}
 *   | {event: "token", data: {text: string}}
 *   | {event: "citations", data: {citations: import("./text.js").Citation[]}}
 *   | {event: "done", data: Answer}
 *   | {event: "error", data: {error: {code: string, message: string, request_id: string}}}} ServerEvent
 */

/** The server said no, in words that can be shown. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {string} requestId
   * @param {string} [code]
   */
  constructor(message, requestId, code = "") {
    super(message);
    this.name = "Problem";
    this.requestId = requestId;
    this.code = code;
  }
}

/** What a server in front of ours may say is no JSON. @param {Response} response @returns {Promise<{code: string, message: string, request_id: string}>} */
async function refusalOf(response) {
  const said = await response.json().catch(() => null);
  if (typeof said?.error?.message === "string") return said.error;
  throw new Problem(text("failed", { status: response.status }), "");
}

/**
 * Post a request; where the server asks for an access key, so does the page, and the request goes out again.
 * @param {string} address
 * @param {object} body
 * @param {string} accept
 * @param {AbortSignal} [signal]
 */
export async function post(address, body, accept, signal) {
  for (;;) {
    const used = authorization();
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: accept, ...used },
      body: JSON.stringify(body),
      credentials: "omit",
      signal,
    });
    if (response.ok) return response;
    const error = await refusalOf(response);
    if (error.code !== "unauthorized") throw new Problem(error.message, error.request_id, error.code);
    if (!(await askForKey(used))) throw new Problem(text("access-needed"), error.request_id);
  }
}

/**
 * Ask a question again, whole, with what stands behind its answer.
 * @param {Question} body
 * @returns {Promise<Answer>}
 */
export const explained = async (body) => (await post("/v1/answers", { ...body, explain: true }, "application/json")).json();

/**
 * Ask a question; the events come in the order of the contract, and an `error` event is thrown as a {@link Problem}.
 * @param {Question} body
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* ask(body, signal) {
  const response = await post("/v1/answers/stream", body, "text/event-stream", signal);
  if (!response.body) return;
  for await (const said of serverEvents(response.body)) {
    const event = /** @type {ServerEvent} */ (said);
    if (event.event === "error") throw new Problem(event.data.error.message, event.data.error.request_id, event.data.error.code);
    yield event;
  }
}

/** Asking the server, event by event. */

/**
 * @typedef {object} Passage
 * @property {string} passage_id
 * @property {string} document_id
 * @property {string} label
 * @property {string} text
 *
 * @typedef {object} Answer
 * @property {string} question as understood, after redaction
 * @property {"answered" | "refused" | "clarification"} outcome
 * @property {string | null} reason
 * @property {string} answer
 * @property {import("./text.js").Citation[]} citations
 * @property {Passage[]} passages
 * @property {{kind: string, placeholder: string}[]} redactions
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
   */
  constructor(message, requestId) {
    super(message);
    this.requestId = requestId;
  }
}

/**
 * Ask a question; the events come in the order of the contract, and an `error` event is thrown as a {@link Problem}.
 * @param {{question: string, turns: string[]}} body
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* ask(body, signal) {
  const response = await fetch("/v1/answers/stream", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(body),
    credentials: "omit",
    signal,
  });
  if (!response.ok || !response.body) {
    const { error } = await response.json();
    throw new Problem(error.message, error.request_id);
  }
  for await (const event of serverEvents(response.body)) {
    if (event.event === "error") throw new Problem(event.data.error.message, event.data.error.request_id);
    yield event;
  }
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<ServerEvent>}
 */
async function* serverEvents(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let waiting = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      waiting += decoder.decode(value, { stream: true });
      const parts = waiting.split(/\r?\n\r?\n/);
      waiting = parts.pop() ?? "";
      for (const part of parts) {
        const event = parse(part);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * @param {string} part lines of one event; comments keep the connection alive and say nothing
 * @returns {ServerEvent | null}
 */
function parse(part) {
  let event = "";
  let data = "";
  for (const line of part.split(/\r?\n/)) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    if (line.startsWith("data:")) data += line.slice(5);
  }
  return event && data ? /** @type {ServerEvent} */ ({ event, data: JSON.parse(data) }) : null;
}

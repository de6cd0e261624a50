// Outbox: brings responses to the collector, whatever happens to the network, the page or the tab.
//
// Each impression of the survey has one id. Its newest message contains every field known so far,
// so the collector may receive a message twice, late or from another tab, and still counts it once.
//
// - A message is stored before it is sent, and stays until the collector has stored or refused it.
// - A failed request is tried again after a pause that doubles up to 64 s, and not before the time
//   in `Retry-After`, up to an hour.
// - Where a site takes no more text today, the collector stores the score and names the deferred
//   fields. The message then waits under `ID@TIME@TRIES` and is sent once a day, for seven days.
// - A refused message is sent once more without the fields that describe the page and its visitor.
// - The outbox holds 30 messages at most.

/** @import { Context, DeliveryState, ResponseMessage } from "./types" */

const MAX_MESSAGES = 30;
/** Browsers refuse `keepalive` for a body of 64 KiB or more. */
const MAX_KEEPALIVE_BYTES = 6e4;
const MAX_PAUSE_S = 64;
const MAX_RETRY_AFTER_S = 3600;
const REQUEST_TIMEOUT_MS = 1e4;
const DAY_MS = 864e5;
const DEFERRED_TRIES = 7;

/**
 * Creates the outbox of a page. `onResult` is called with what has become of the newest message of
 * an impression, after each attempt to send it, and when an attempt has to wait.
 * @param {Context} context
 * @param {(id: string, state: DeliveryState) => void} onResult
 */
export const createOutbox = (context, onResult) => {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  let timerAt = Infinity; // on the clock of `performance.now()`
  /** @type {string | undefined} id of the message that the timer was set for */
  let timerId;
  let isKept = true; // all messages are in `localStorage`
  let pauseS = 1;
  let notBefore = 0; // on the clock of `performance.now()`
  /** @type {DeliveryState} state of what waits since the last failure */
  let failure;
  /** @type {Record<string, string>} messages that a request is carrying */
  const inFlight = {};
  /** @type {Record<string, string>} this page's messages that are not known to be stored */
  const pending = {};

  // Two tabs can overwrite each other's store, so a page keeps its own messages in memory too.
  /** @returns {Record<string, string>} */
  const readMessages = () => ({ ...context.readStore(context.outboxKey), ...pending });

  // Storage that has no room for a message may have room for the dates, which are shorter.
  /** @type {(messages: Record<string, string>) => void} */
  const writeMessages = (messages) => {
    const { storageAllowed } = context;
    context.writeStore(context.outboxKey, messages);
    isKept = context.storageAllowed;
    context.storageAllowed = storageAllowed;
  };

  /** @type {(id: string) => void} */
  const reportFailure = (id) => onResult(id, context.storageAllowed && isKept ? failure : "keep_open");

  /** @type {(id: string) => Promise<void>} */
  const send = async (id) => {
    const body = readMessages()[id];
    let status;
    let retryAfterS = 0;
    let limited = false;
    let deferred;
    if (inFlight[id] == body) return;
    inFlight[id] = body;
    // Safari 15 and Chrome 102 lack `AbortSignal.timeout`.
    const aborter = new AbortController();
    const timeout = setTimeout(() => aborter.abort(), REQUEST_TIMEOUT_MS);
    try {
      const response = await fetch(`${context.collectorUrl}/v1/sites/${context.config.site}/responses`, {
        method: "POST",
        body,
        keepalive: new Blob([body]).size < MAX_KEEPALIVE_BYTES, // the request outlives the page
        credentials: "omit",
        referrerPolicy: "origin",
        signal: aborter.signal,
      });
      // The header's other form, a date, counts as 0.
      retryAfterS = Math.min(parseInt(response.headers.get("retry-after") ?? "") || 0, MAX_RETRY_AFTER_S);
      limited = response.status == 429 || response.status > 502;
      // A captive portal replies in the collector's place with a body that is not JSON: retried
      // too.
      if (response.status < 500 && response.status != 429) {
        const result = (await response.json()).results?.[0];
        status = result?.status ?? "refused";
        deferred = result?.deferred;
      }
    } catch {}
    clearTimeout(timeout);
    delete inFlight[id];
    const messages = readMessages();
    if (!status || status == "retry") {
      failure = limited || status ? "limited" : "offline";
      notBefore = performance.now() + retryAfterS * 1e3;
      schedule(Math.max(pauseS, retryAfterS) * (1e3 + Math.random() * 500));
      pauseS = Math.min(pauseS * 2, MAX_PAUSE_S);
      if (messages[id] == body) reportFailure(id);
    } else if (messages[id] == body) {
      const { user, user_hash, properties, page, lang, channel, ...response } = JSON.parse(body);
      const reduced = JSON.stringify(response);
      const retryReduced = status != "stored" && reduced != body;
      delete messages[id];
      delete pending[id];
      if (retryReduced) pending[id] = messages[id] = reduced;
      const [responseId, , tries = DEFERRED_TRIES] = id.split("@");
      if (deferred && +tries) messages[`${responseId}@${Date.now() + DAY_MS}@${+tries - 1}`] = body;
      writeMessages(messages);
      pauseS = 1;
      if (retryReduced) send(id);
      else onResult(id, status == "stored" ? status : "refused");
    }
  };

  /** Sends every message, or waits until the collector accepts requests again. */
  const flush = () => {
    timerAt = Infinity;
    const waitMs = notBefore - performance.now();
    // A hidden page may be discarded at any moment, so it sends at once.
    if (waitMs > 0 && !document.hidden) {
      schedule(waitMs);
      for (const id of Object.keys(pending)) reportFailure(id);
    } else
      for (const id of Object.keys(readMessages())) {
        // Only a deferred message has a time.
        if (!(Date.now() < +id.split("@")[1])) send(id);
      }
  };

  // A message puts off only itself, not one of an earlier impression.
  /** @type {(delayMs: number, id?: string) => void} */
  const schedule = (delayMs, id) => {
    const at = performance.now() + delayMs;
    if (id != timerId && timerAt <= at) return;
    clearTimeout(timer);
    timer = setTimeout(flush, delayMs);
    timerAt = at;
    timerId = id;
  };

  /**
   * Stores the newest message of an impression, in place of an older one, and sends it after a
   * delay. Without a delay it goes out with the next message that is sent.
   * @param {ResponseMessage} message
   * @param {number} [delayMs]
   */
  const enqueue = (message, delayMs) => {
    pending[message.id] = JSON.stringify(message);
    const messages = readMessages();
    const ids = Object.keys(messages);
    // The first to go is what is deferred or an impression without a score, then the newest
    // message.
    if (ids.length > MAX_MESSAGES) {
      const dropped =
        ids.find((id) => id.includes("@") || !messages[id].includes('"score"')) ?? /** @type {string} */ (ids.pop());
      delete messages[dropped];
      delete pending[dropped];
      if (dropped == message.id) onResult(dropped, "refused");
    }
    writeMessages(messages);
    if (delayMs == null) return;
    if (delayMs && !document.hidden) schedule(delayMs, message.id);
    else flush();
  };

  return { enqueue, flush };
};

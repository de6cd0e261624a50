// A page with an outbox and a fake collector, for tests.

import { createOutbox } from "../outbox.js";
import { FakeClock, settle } from "./fake_clock.js";

export const KEY = "grapevine-site";
export const URL = "https://grapevine.example/v1/sites/site/responses";

/** An answer of the collector for each message. */
export const answer = (status, { http = 200, retryAfter, body } = {}) => ({
  status: http,
  headers: new Headers(retryAfter ? { "retry-after": retryAfter } : {}),
  json: async () => body ?? { results: [{ status }] },
});
export const STORED = answer("stored");
export const INVALID = answer("invalid");
export const RETRY = answer("retry");
export const PROBLEM = { title: "Rate limit exceeded" };
export const BUSY = answer("", { http: 503, body: PROBLEM });
export const busyFor = (retryAfter, http = 503) => answer("", { http, retryAfter, body: PROBLEM });
export const OFFLINE = new TypeError("fetch failed");
export const PORTAL = { ...answer(""), json: async () => JSON.parse("<html>") };

/**
 * Starts a page with a fake collector, which gives the answers in turn and the last one from then
 * on. A store is shared by the pages of one browser.
 */
export const startPage = (
  test,
  answers,
  { store = {}, storage = true, hidden = false, clock = new FakeClock().install(test) } = {},
) => {
  const page = { store, clock, sent: [], times: [], results: [], answers: [...answers] };
  const memory = {};
  globalThis.document = { hidden };
  test.mock.method(Math, "random", () => 0);
  page.fetch = async (url, options) => {
    page.sent.push({ url, ...options });
    page.times.push(clock.now);
    const next = page.answers.length > 1 ? page.answers.shift() : page.answers[0];
    if (typeof next == "function") return next();
    if (next instanceof Error) throw next;
    return next;
  };
  const outbox = createOutbox(
    {
      collectorUrl: "https://grapevine.example",
      config: { site: "site" },
      outboxKey: KEY,
      storageAllowed: storage,
      readStore: (key) => JSON.parse((storage ? store : memory)[key] ?? "{}"),
      writeStore: (key, value) => ((storage ? store : memory)[key] = JSON.stringify(value)),
    },
    (id, state) => page.results.push([id, state]),
  );
  // Two pages in one test have a collector each, so the page that acts sets the global.
  const acting =
    (action) =>
    async (...args) => {
      globalThis.fetch = page.fetch;
      action(...args);
      await settle();
    };
  page.enqueue = acting(outbox.enqueue);
  page.flush = acting(outbox.flush);
  page.advance = async (ms) => {
    globalThis.fetch = page.fetch;
    await clock.advance(ms);
  };
  page.bodies = () => page.sent.map(({ body }) => JSON.parse(body));
  page.stored = () => Object.keys(JSON.parse(store[KEY] ?? "{}"));
  return page;
};

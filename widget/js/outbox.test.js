import assert from "node:assert/strict";
import test from "node:test";

import { FakeClock, settle } from "./testing/fake_clock.js";
import {
  KEY,
  URL,
  answer,
  STORED,
  INVALID,
  RETRY,
  PROBLEM,
  BUSY,
  busyFor,
  OFFLINE,
  PORTAL,
  startPage,
} from "./testing/outbox_page.js";

test("a message is stored, sent once and removed when the collector has it", async (t) => {
  const page = startPage(t, [STORED]);
  await page.enqueue({ id: "a", score: 9 }, 350);
  assert.deepEqual([page.stored(), page.sent.length], [["a"], 0]);
  await page.advance(349);
  assert.equal(page.sent.length, 0);
  await page.advance(1);
  assert.deepEqual([page.stored(), page.results], [[], [["a", "stored"]]]);
  const [{ url, method, keepalive, credentials, referrerPolicy, body }] = page.sent;
  assert.deepEqual(
    [url, method, keepalive, credentials, referrerPolicy],
    [URL, "POST", true, "omit", "origin"],
  );
  assert.deepEqual(JSON.parse(body), { id: "a", score: 9 });
  await page.advance(1e8);
  assert.equal(page.sent.length, 1);
});

test("a newer message replaces the one that waits", async (t) => {
  const page = startPage(t, [STORED]);
  await page.enqueue({ id: "a", score: 8 }, 350);
  await page.advance(200);
  await page.enqueue({ id: "a", score: 9 }, 350);
  await page.advance(349);
  assert.equal(page.sent.length, 0);
  await page.advance(1);
  assert.deepEqual(page.bodies(), [{ id: "a", score: 9 }]);
});

test("the message of a later impression does not put off one that waits", async (t) => {
  const page = startPage(t, [STORED]);
  await page.enqueue({ id: "a", score: 8 }, 350);
  await page.advance(300);
  await page.enqueue({ id: "b", shown: true }, 10_000);
  await page.enqueue({ id: "b", shown: true, score: 2 }, 350);
  await page.advance(50);
  assert.ok(page.bodies().some(({ id }) => id == "a"));
});

test("a newer message is sent although an older one is in flight, and only its result counts", async (t) => {
  const release = [];
  const held = (response) => () => new Promise((resolve) => release.push(() => resolve(response)));
  const page = startPage(t, [held(STORED), held(STORED)]);
  await page.enqueue({ id: "a", score: 9 }, 0);
  await page.flush();
  assert.equal(page.sent.length, 1, "a message in flight is not sent again");
  await page.enqueue({ id: "a", score: 9, comment: "Tea" }, 0);
  assert.equal(page.sent.length, 2);
  release[0]();
  await settle();
  assert.deepEqual([page.stored(), page.results], [["a"], []]);
  release[1]();
  await settle();
  assert.deepEqual([page.stored(), page.results], [[], [["a", "stored"]]]);
});

test("failed requests are retried after pauses that double up to 64 s", async (t) => {
  for (const [failure, state] of [
    [BUSY, "limited"],
    [OFFLINE, "offline"],
    [PORTAL, "offline"],
    [answer("", { http: 502, body: PROBLEM }), "offline"],
    [answer("", { http: 507, body: PROBLEM }), "limited"],
    [RETRY, "limited"],
    [busyFor("", 429), "limited"],
    [busyFor("Wed, 21 Oct 2037 07:28:00 GMT"), "limited"],
  ]) {
    const page = startPage(t, [failure]);
    await page.enqueue({ id: "a", score: 9 }, 0);
    await page.advance(300e3);
    const pauses = page.times.map((time, index) => (time - page.times[index - 1]) / 1e3).slice(1);
    assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 64, 64]);
    assert.deepEqual([page.stored(), page.results], [["a"], Array(10).fill(["a", state])]);
    page.answers = [STORED];
    await page.advance(64e3);
    assert.deepEqual([page.stored(), page.results.at(-1)], [[], ["a", "stored"]]);
    page.answers = [BUSY];
    await page.enqueue({ id: "b", score: 9 }, 0);
    await page.advance(1000);
    assert.equal(page.times.at(-1) - page.times.at(-2), 1000, "the pauses start anew");
  }
});

test("pauses vary by half their length", async (t) => {
  const page = startPage(t, [BUSY]);
  t.mock.method(Math, "random", () => 0.999);
  await page.enqueue({ id: "a" }, 0);
  await page.advance(1499);
  assert.equal(page.sent.length, 1);
  await page.advance(1);
  assert.equal(page.sent.length, 2);
});

test("no request is sent before the time in Retry-After", async (t) => {
  const page = startPage(t, [busyFor("30"), STORED]);
  await page.enqueue({ id: "a", score: 9 }, 0);
  await page.advance(10e3);
  await page.flush(); // as when the network comes back
  await page.enqueue({ id: "a", score: 9, comment: "Tea" }, 0);
  await page.advance(19_999);
  assert.equal(page.sent.length, 1);
  await page.advance(1);
  assert.deepEqual(page.times, [0, 30e3]);
  // Once for the request, and for what came meanwhile: a visitor who has just pressed Send is told.
  const limited = ["a", "limited"];
  assert.deepEqual(page.results, [limited, limited, limited, ["a", "stored"]]);
});

test("Retry-After counts for an hour at most", async (t) => {
  const page = startPage(t, [busyFor("999999"), STORED]);
  await page.enqueue({ id: "a", score: 9 }, 0);
  await page.advance(3600e3 - 1);
  assert.equal(page.sent.length, 1);
  await page.advance(1);
  assert.equal(page.sent.length, 2);
});

test("a hidden page sends at once", async (t) => {
  const page = startPage(t, [busyFor("600"), STORED]);
  await page.enqueue({ id: "a", score: 9 }, 0);
  assert.equal(page.sent.length, 1);
  globalThis.document.hidden = true;
  await page.flush();
  assert.equal(page.sent.length, 2);
  await page.enqueue({ id: "b", score: 9 }, 350);
  assert.equal(page.sent.length, 3);
});

test("a refused message is sent once more without the page's fields", async (t) => {
  const circumstances = { user: "ann", properties: { plan: "pro" }, page: "/", lang: "en", channel: "web" };
  for (const [refusal, last, state] of [
    [INVALID, STORED, "stored"],
    [INVALID, INVALID, "refused"],
    [answer("", { http: 400, body: { title: "Bad request" } }), STORED, "stored"],
    [answer("", { http: 413, body: {} }), INVALID, "refused"],
  ]) {
    const page = startPage(t, [refusal, last]);
    await page.enqueue({ id: "a", score: 9, variant: "standard", ...circumstances }, 0);
    const reduced = { id: "a", score: 9, variant: "standard" };
    assert.deepEqual(page.bodies(), [{ ...reduced, ...circumstances }, reduced]);
    assert.deepEqual([page.results, page.stored()], [[["a", state]], []]);
    await page.advance(1e8);
    assert.equal(page.sent.length, 2);
  }
});

test("a refused message without the page's fields is given up at once", async (t) => {
  const page = startPage(t, [INVALID]);
  await page.enqueue({ id: "a", score: 9 }, 0);
  await page.advance(1e8);
  assert.deepEqual([page.sent.length, page.results, page.stored()], [1, [["a", "refused"]], []]);
});

test("the reduced message waits too when the collector is busy", async (t) => {
  const page = startPage(t, [INVALID, BUSY, STORED]);
  await page.enqueue({ id: "a", score: 9, user: "ann" }, 0);
  assert.deepEqual([page.sent.length, page.stored()], [2, ["a"]]);
  await page.advance(1000);
  assert.deepEqual(page.bodies().at(-1), { id: "a", score: 9 });
  assert.deepEqual(page.results, [["a", "limited"], ["a", "stored"]]);
});

test("at most 30 messages wait; the first to go are impressions without a score, then the newest", async (t) => {
  const page = startPage(t, [busyFor("600")]);
  for (let index = 0; index < 40; index++)
    await page.enqueue({ id: `i${index}`, shown: true, ...(index % 4 == 0 && { score: index / 4 }) }, 0);
  const kept = page.stored();
  assert.equal(kept.length, 30);
  const scored = Array.from({ length: 10 }, (_, index) => `i${index * 4}`);
  assert.deepEqual(
    kept.filter((id) => scored.includes(id)),
    scored,
  );
  assert.ok(kept.includes("i39") && !kept.includes("i1"), "the oldest without a score has gone");

  const full = startPage(t, [busyFor("600")]);
  for (let index = 0; index < 35; index++) await full.enqueue({ id: `s${index}`, score: 1 }, 0);
  assert.deepEqual(
    full.stored(),
    Array.from({ length: 30 }, (_, index) => `s${index}`),
  );
  assert.deepEqual(
    full.results.filter(([, state]) => state == "refused").map(([id]) => id),
    ["s30", "s31", "s32", "s33", "s34"],
    "a response that has no room is not said to wait",
  );
});

test("a message of 60,000 bytes or more is sent without keepalive", async (t) => {
  const page = startPage(t, [STORED]);
  const overhead = JSON.stringify({ id: "a", comment: "" }).length;
  for (const [comment, keepalive] of [
    ["x".repeat(60_000 - overhead - 1), true],
    ["x".repeat(60_000 - overhead), false],
    ["ข".repeat(20_000), false],
  ]) {
    await page.enqueue({ id: "a", comment }, 0);
    assert.equal(page.sent.at(-1).keepalive, keepalive);
  }
});

test("a page sends what an earlier page has left", async (t) => {
  const store = {};
  const first = startPage(t, [OFFLINE], { store });
  await first.enqueue({ id: "a", score: 4 }, 0);
  assert.deepEqual(first.stored(), ["a"]);
  const second = startPage(t, [STORED], { store });
  await second.flush();
  assert.deepEqual(
    [second.bodies(), second.results, second.stored()],
    [[{ id: "a", score: 4 }], [["a", "stored"]], []],
  );
});

test("two tabs that write over each other's store lose nothing", async (t) => {
  const store = {};
  const clock = new FakeClock().install(t);
  const first = startPage(t, [STORED], { store, clock });
  const second = startPage(t, [STORED], { store, clock });
  await first.enqueue({ id: "a", score: 9 }, 350);
  const before = store[KEY];
  await second.enqueue({ id: "b", score: 2 }, 350);
  store[KEY] = before; // the first tab's write came last
  await first.flush();
  await second.flush();
  assert.deepEqual([first.results, second.results], [[["a", "stored"]], [["b", "stored"]]]);
  assert.deepEqual(second.stored(), []);
});

test("another tab's delivery ends a message's stay in the store", async (t) => {
  const store = {};
  const clock = new FakeClock().install(t);
  const first = startPage(t, [OFFLINE, STORED], { store, clock });
  await first.enqueue({ id: "a", score: 4 }, 0);
  const second = startPage(t, [STORED], { store, clock });
  await second.flush();
  assert.deepEqual([second.results, second.stored()], [[["a", "stored"]], []]);
  // The first tab cannot know, so it sends again: the collector merges by id.
  await first.advance(1000);
  assert.deepEqual([first.results.at(-1), first.stored()], [["a", "stored"], []]);
});

test("without storage the page keeps its messages in memory", async (t) => {
  const store = {};
  const page = startPage(t, [BUSY, OFFLINE, STORED], { store, storage: false });
  await page.enqueue({ id: "a", score: 0 }, 0);
  await page.advance(3000);
  const keepOpen = ["a", "keep_open"];
  assert.deepEqual(
    [page.bodies().length, page.results, store],
    [3, [keepOpen, keepOpen, ["a", "stored"]], {}],
  );
});

test("an answer in another form counts as a refusal, not as stored", async (t) => {
  for (const body of [{}, { results: null }, []]) {
    const page = startPage(t, [answer("", { body })]);
    await page.enqueue({ id: "a", score: 0 }, 0);
    assert.deepEqual(page.results, [["a", "refused"]]);
  }
});

test("a message without a delay is stored, and goes out with the next that is sent", async (t) => {
  const page = startPage(t, [STORED]);
  await page.enqueue({ id: "a", score: 9 }, 350);
  await page.enqueue({ id: "a", score: 9, comment: "Te" });
  assert.deepEqual([page.stored(), page.sent.length], [["a"], 0]);
  await page.advance(350);
  assert.deepEqual(page.bodies(), [{ id: "a", score: 9, comment: "Te" }]);
  await page.enqueue({ id: "a", score: 9, comment: "Tea" });
  await page.advance(1e6);
  assert.deepEqual([page.stored(), page.sent.length], [["a"], 1]);
  await page.flush(); // as when the page is hidden
  assert.deepEqual([page.stored(), page.bodies().at(-1).comment], [[], "Tea"]);
});

test("only the newest message has a result, not one that it has replaced", async (t) => {
  const release = [];
  const page = startPage(t, [() => new Promise((_, reject) => release.push(() => reject(OFFLINE))), STORED]);
  await page.enqueue({ id: "a", score: 9 }, 0);
  await page.enqueue({ id: "a", score: 9, comment: "Tea" }, 0);
  release[0]();
  await settle();
  assert.deepEqual(page.results, [["a", "stored"]]);
});

test("a request ends after ten seconds, also where `AbortSignal.timeout` is missing", async (t) => {
  const { timeout } = AbortSignal;
  delete AbortSignal.timeout;
  t.after(() => Object.assign(AbortSignal, { timeout }));
  const page = startPage(t, [STORED]);
  let aborted = 0;
  page.fetch = (url, { signal }) =>
    new Promise((_, reject) =>
      signal.addEventListener("abort", () => {
        aborted++;
        reject(signal.reason);
      }),
    );
  await page.enqueue({ id: "a", score: 9 }, 0);
  await page.advance(9999);
  assert.equal(aborted, 0);
  await page.advance(1);
  assert.deepEqual([aborted, page.results], [1, [["a", "offline"]]]);
});

import assert from "node:assert/strict";
import test from "node:test";

import { answer, STORED, BUSY, startPage } from "./testing/outbox_page.js";

test("a deferred text is sent once a day for seven days", async (t) => {
  const DAY_MS = 864e5;
  const message = { id: "a", score: 9, comment: "Tea", page: "/" };
  const deferred = answer("", { body: { results: [{ id: "a", status: "stored", deferred: ["comment"] }] } });
  let now = 1e12;
  t.mock.method(Date, "now", () => now);
  const page = startPage(t, [deferred]);
  await page.enqueue(message, 0);
  assert.deepEqual(page.results, [["a", "stored"]], "the score is stored");
  assert.deepEqual(page.stored(), [`a@${now + DAY_MS}@6`]);
  for (let day = 1; day <= 8; day++) {
    now += DAY_MS - 1;
    await page.flush();
    assert.equal(page.sent.length, Math.min(day, 8), "not before a day has passed");
    now += 1;
    await page.flush();
    await page.flush();
    assert.equal(page.sent.length, Math.min(day + 1, 8));
  }
  assert.deepEqual(page.bodies(), Array(8).fill(message), "whole each time");
  assert.deepEqual(page.stored(), []);
});

test("a deferred text that the collector has stored is sent no more", async (t) => {
  const deferred = answer("", { body: { results: [{ id: "a", status: "stored", deferred: ["comment"] }] } });
  let now = 1e12;
  t.mock.method(Date, "now", () => now);
  const page = startPage(t, [deferred, BUSY, STORED]);
  await page.enqueue({ id: "a", score: 9, comment: "Tea" }, 0);
  now += 864e5;
  await page.flush();
  assert.equal(page.stored().length, 1, "it waits when the collector is busy");
  await page.advance(1000);
  assert.deepEqual([page.stored(), page.sent.length], [[], 3]);
});

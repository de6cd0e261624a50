import assert from "node:assert/strict";
import test from "node:test";

import { DAY_MS } from "./eligibility.js";
import { linkId } from "./link_id.js";

const INVITED = "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c11";
const OTHER = "01936b3e-7c1d-7a52-b0f3-5d4b0a0f9c12";
const NOW_MS = Date.UTC(2026, 10, 25, 12);
globalThis.location = { pathname: "/s/abc" };

const memory = () => {
  const values = new Map();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => values.set(key, value),
  };
};

test("a reload on the same day goes on with the id and its time", () => {
  const storage = memory();
  const first = linkId(undefined, false, storage, NOW_MS);
  assert.match(first.id, /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.equal(parseInt(first.id.replace("-", "").slice(0, 12), 16), NOW_MS);
  assert.equal(first.since_ms, 0);
  assert.deepEqual(linkId(undefined, false, storage, NOW_MS + 5000), { id: first.id, since_ms: 5000 });
});

test("the next day has an id of its own", () => {
  const storage = memory();
  const { id } = linkId(undefined, false, storage, NOW_MS);
  const next = linkId(undefined, false, storage, NOW_MS + DAY_MS);
  assert.notEqual(next.id, id);
  assert.equal(next.since_ms, 0);
});

test("the id of an invitation is kept whatever the day, and is not used without the invitation", () => {
  const storage = memory();
  assert.deepEqual(linkId(INVITED, false, storage, NOW_MS), { id: INVITED, since_ms: 0 });
  assert.deepEqual(linkId(INVITED, false, storage, NOW_MS + 2 * DAY_MS), { id: INVITED, since_ms: 2 * DAY_MS });
  assert.equal(linkId(OTHER, false, storage, NOW_MS).since_ms, 0);
  assert.notEqual(linkId(undefined, false, storage, NOW_MS).id, OTHER);
});

test("a kiosk and a browser without storage leave the id to the survey", () => {
  const storage = memory();
  linkId(undefined, false, storage, NOW_MS);
  assert.deepEqual(linkId(undefined, true, storage, NOW_MS), {});
  const blocked = {
    getItem() {
      throw new Error("blocked");
    },
  };
  assert.deepEqual(linkId(INVITED, false, blocked, NOW_MS), {});
});

test("a stored value of another form counts as none", () => {
  for (const text of ["null", "7", '{"at":1}', `{"id":"x","at":${NOW_MS}}`]) {
    const storage = memory();
    storage.getItem = () => text;
    const { id, since_ms } = linkId(undefined, false, storage, NOW_MS);
    assert.match(id, /^[\da-f]{8}-/, text);
    assert.equal(since_ms, 0, text);
  }
  const broken = memory();
  broken.getItem = () => "{";
  assert.deepEqual(linkId(undefined, false, broken, NOW_MS), {}, "the survey makes the id");
});

test("a clock that was set back counts from zero", () => {
  const storage = memory();
  const { id } = linkId(undefined, false, storage, NOW_MS);
  assert.deepEqual(linkId(undefined, false, storage, NOW_MS - 5000), { id, since_ms: 0 });
});

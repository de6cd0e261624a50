// The tables of cases that the Rust crates are tested with too (api/src,
// collector/core/tests/shared_cases.rs).

import assert from "node:assert/strict";
import test from "node:test";

import { isPathExcluded, matchesGlob, recordEvent, status } from "./eligibility.js";
import { cases } from "./testing/cases.js";
import { parseUser } from "./user.js";

test("visitors are eligible as in the shared table", () => {
  const today = 20_000;
  for (const { name, rules = {}, impressions, blocked } of cases("recontact.json")) {
    const { answered_days = 120, dismissed_days = 30, ignored_times = 3, ignored_days = 1, per_year = 4 } = rules;
    const context = {
      config: { when: [answered_days, dismissed_days, ignored_times, per_year, ignored_days], view: 0 },
      surveyKey: "site-standard",
      refusedUser: {},
      storageAllowed: true,
      isFramed: () => false,
    };
    let dates = { views: 1 };
    for (const { days_ago, scored, dismissed } of impressions)
      for (const event of ["shown", scored && "scored", dismissed && "dismissed"].filter(Boolean))
        dates = recordEvent(dates, context.surveyKey, event, today - days_ago);
    assert.equal(status(context, dates, today), blocked ?? "due", name);
  }
});

test("page rules admit paths as in the shared table", () => {
  for (const { include, exclude, shown, hidden } of cases("pages.json")) {
    const config = { include: include.length ? include : undefined, exclude };
    const isExcluded = (/** @type {string} */ currentPath) =>
      !!isPathExcluded(/** @type {any} */ ({ config, currentPath }));
    assert.deepEqual(shown.filter(isExcluded), [], `${include}`);
    assert.deepEqual(hidden.filter(isExcluded), hidden, `${include}`);
  }
});

test("globs match as in the shared table", () => {
  for (const { glob, matches, rejects } of cases("globs.json")) {
    for (const path of matches) assert.ok(matchesGlob(glob, path), `${glob} ${path}`);
    for (const path of rejects) assert.ok(!matchesGlob(glob, path), `${glob} ${path}`);
  }
});

test("origins match as in the shared table", () => {
  for (const { pattern, canonical = pattern, origin, matches, invalid } of cases("origins.json"))
    if (!invalid) assert.equal(!!matchesGlob(canonical, origin), matches, `${pattern} ${origin}`);
});

test("placeholders for users are rejected as in the shared table", (test) => {
  const warn = test.mock.method(console, "warn", () => {});
  let previous;
  for (const { user, nobody } of cases("user_placeholders.json")) {
    const before = warn.mock.callCount();
    const text = user.trim();
    assert.equal(parseUser(user) || null, nobody ? null : text, JSON.stringify(user));
    // A placeholder is warned about once, an empty id never.
    const warned = nobody && text != "" && text != previous;
    assert.equal(warn.mock.callCount() - before, warned ? 1 : 0, JSON.stringify(user));
    if (warned) previous = text;
  }
});

test("user ids are text of at most 1,000 characters", (test) => {
  test.mock.method(console, "warn", () => {});
  assert.equal(parseUser(undefined), "");
  assert.equal(parseUser(null), "");
  assert.equal(parseUser(17), "17");
  assert.equal(parseUser({}), undefined);
  assert.equal(parseUser("x".repeat(1000)), "x".repeat(1000));
  assert.equal(parseUser("x".repeat(1001)), undefined);
  assert.equal(parseUser("🍵".repeat(1000)), "🍵".repeat(1000));
  assert.equal(parseUser("🍵".repeat(1001)), undefined);
  assert.equal(parseUser(`${"x".repeat(500)}\n${"x".repeat(500)}`), undefined);
});

import assert from "node:assert/strict";
import test from "node:test";

import {
  isPathExcluded,
  matchesGlob,
  recordEvent,
  sampleValue,
  status,
  withdrawImpression,
} from "./eligibility.js";

const TODAY = 20_000;
const KEY = "site-standard";

/** Context of a visitor who is eligible but for `changes`. */
const context = ({ config, ...changes } = {}) => ({
  config: { when: [120, 30, 3, 4, 1], view: 2, ...config },
  surveyKey: KEY,
  currentPath: "/",
  storageAllowed: true,
  refusedUser: {},
  isFramed: () => false,
  findElement: () => null,
  drawSample: () => 0.5,
  ...changes,
});

/** Dates of an eligible visitor but for `record` and `changes`. */
const dates = (record, changes) => ({ views: 2, last: KEY, [KEY]: record, ...changes });

const check = (expected, contextChanges, record, dateChanges) =>
  assert.equal(status(context(contextChanges), dates(record, dateChanges), TODAY), expected);

/** Every reason in its order, with changes of the context, the record and the dates. */
const REASONS = [
  ["dialog", { obstructed: true }],
  ["open", { hostElement: { isConnected: true } }],
  ["hidden", { blocked: "hidden" }],
  ["origin", { barred: "origin" }],
  ["frame", { isFramed: () => true }],
  ["background", { unseen: true }],
  ["user", { userId: "ann", refusedUser: "ann" }],
  ["privacy", { config: { signals: ["doNotTrack", "globalPrivacyControl"] } }],
  ["consent", { config: { storage: "consent" }, storageAllowed: false }],
  ["page", { config: { include: ["/shop"] } }],
  ["sample", { config: { sample: 0.5 } }],
  ["answered", {}, { scored: TODAY - 119 }],
  ["dismissed", {}, { dismissed: TODAY - 29 }],
  ["ignored", {}, { ignored: 3 }],
  ["other", {}, {}, { last: "another", shown: `${TODAY - 29}` }],
  ["year", {}, {}, { shown: `${TODAY - 40} ${TODAY - 50} ${TODAY - 60} ${TODAY - 364}` }],
  ["visit", { storageAllowed: false }],
  ["view", {}, {}, { views: 1 }],
  ["target", { config: { target: "#here" } }],
];

const withNavigator = (t, value) => {
  const original = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value, configurable: true });
  t.after(() => {
    if (original) Object.defineProperty(globalThis, "navigator", original);
    else delete globalThis.navigator;
  });
};

test("each reason is reported", (t) => {
  withNavigator(t, { globalPrivacyControl: true });
  for (const [reason, ...changes] of REASONS) check(reason, ...changes);
  check("due");
});

test("the first of several reasons is reported", (t) => {
  withNavigator(t, { globalPrivacyControl: true });
  for (let first = 0; first < REASONS.length; first++) {
    const all = { context: { config: {} }, record: {}, dates: {} };
    // The dates of `year` would replace those of `other`, so the four impressions are in both.
    for (const [reason, { config, ...rest } = {}, record, dateChanges] of REASONS.slice(first)) {
      Object.assign(all.context.config, config);
      Object.assign(all.context, rest);
      Object.assign(all.record, record);
      if (reason != "other") Object.assign(all.dates, dateChanges);
      else Object.assign(all.dates, { last: "another" });
    }
    if (all.dates.last == "another") all.dates.shown = all.dates.shown.replace(/^\d+/, `${TODAY - 29}`);
    check(REASONS[first][0], all.context, all.record, all.dates);
  }
});

test("days are over at their boundaries", () => {
  check("answered", {}, { scored: TODAY });
  check("answered", {}, { scored: TODAY - 119 });
  check("due", {}, { scored: TODAY - 120 });
  check("answered", { config: { when: [400, 30, 3, 4, 1] } }, { scored: TODAY - 399 });
  check("due", { config: { when: [400, 30, 3, 4, 1] } }, { scored: TODAY - 400 });
  check("dismissed", {}, { dismissed: TODAY - 29 });
  check("due", {}, { dismissed: TODAY - 30 });
  check("due", {}, { ignored: 2 });
  check("ignored", {}, { ignored: 4 });
  check("other", {}, {}, { last: "another", shown: `${TODAY - 29}` });
  check("due", {}, {}, { last: "another", shown: `${TODAY - 30}` });
  const four = (oldest) => ({ shown: `${TODAY - 40} ${TODAY - 50} ${TODAY - 60} ${oldest}` });
  check("year", {}, {}, four(TODAY - 364));
  check("due", {}, {}, four(TODAY - 365));
  check("due", {}, {}, { shown: `${TODAY - 40} ${TODAY - 50} ${TODAY - 60}` });
  check("due", {}, {}, { views: 2 });
  check("view", {}, {}, { views: 1 });
  check("view", {}, {}, { views: undefined });
  check("due", { config: { view: "3" } }, {}, { views: 3 }); // from data-view
});

test("days are whole days at any time of the day, before and after a clock was set back", () => {
  for (const time of [0, 0.25, 0.999])
    for (const [expected, record] of [
      ["answered", { scored: TODAY - 119 }],
      ["due", { scored: TODAY - 120 }],
      ["answered", { scored: TODAY + 119 }],
      ["due", { scored: TODAY + 120 }],
      ["dismissed", { dismissed: TODAY + 29 }],
      ["due", { dismissed: TODAY + 30 }],
    ])
      assert.equal(status(context(), dates(record), TODAY + time), expected, `${time} ${JSON.stringify(record)}`);
});

test("a clock set back or forward blocks no longer than the rule", () => {
  check("answered", {}, { scored: TODAY + 1 });
  check("answered", {}, { scored: TODAY + 119 });
  check("due", {}, { scored: TODAY + 120 });
  check("dismissed", {}, { dismissed: TODAY + 29 });
  check("due", {}, { dismissed: TODAY + 30 });
  check("due", {}, { scored: TODAY - 100_000 });
  check("other", {}, {}, { last: "another", shown: `${TODAY + 29}` });
  check("due", {}, {}, { last: "another", shown: `${TODAY + 30}` });
});

test("damaged dates block nothing and throw nothing", () => {
  for (const damaged of [null, undefined, "", "x", 0, 1e99, NaN, true, [], {}, [[]], { scored: {} }]) {
    check("due", {}, damaged);
    check("due", {}, { scored: damaged === true ? "x" : damaged && "x" });
    for (const field of ["shown", "last", "lot"]) check("due", {}, {}, { [field]: damaged, last: KEY });
    const after = recordEvent({ [KEY]: damaged, shown: damaged }, KEY, "scored", TODAY);
    assert.equal(status(context(), { ...after, views: 2 }, TODAY), "answered");
    assert.equal(typeof recordEvent({ [KEY]: damaged, shown: damaged }, KEY, "shown", TODAY).shown, "string");
  }
  assert.equal(status(context(), {}, TODAY), "view");
});

test("privacy signals count only where the owner names them", (t) => {
  const signals = (...names) => ({ config: { signals: names } });
  for (const [value, gpc, dnt] of [
    [{ globalPrivacyControl: true }, "privacy", "due"],
    [{ globalPrivacyControl: false, doNotTrack: "0" }, "due", "due"],
    [{ doNotTrack: "1" }, "due", "privacy"],
    [{ doNotTrack: null }, "due", "due"],
    [{ doNotTrack: "unspecified" }, "due", "due"],
    [{}, "due", "due"],
  ]) {
    withNavigator(t, value);
    check(gpc, signals("globalPrivacyControl"));
    check(dnt, signals("doNotTrack"));
    check("due");
  }
});

test("nothing is drawn for the sample before consent", () => {
  const drawSample = () => assert.fail("drawn");
  check("consent", { config: { storage: "consent", sample: 0.5 }, storageAllowed: false, drawSample });
  check("due", { config: { storage: "consent" } });
});

test("the sample is a share below the rate", () => {
  const rate = (sample, value) => ({ config: { sample }, drawSample: () => value });
  check("due", rate(0.5, 0.4999));
  check("sample", rate(0.5, 0.5));
  check("sample", rate(0, 0));
  check("due", rate(1, 0.9999));
  check("due", rate(undefined, 0.9999));
});

test("sample values are spread evenly, differ by survey and stay the same", () => {
  const count = 20_000;
  for (const shape of ["", "customer-", "01936b3e-7c1d-7a52-b0f3-", "ann.öl+"]) {
    const values = Array.from({ length: count }, (_, index) => sampleValue(shape + index + KEY));
    assert.ok(values.every((value) => value >= 0 && value < 1));
    for (const rate of [0.1, 0.25, 0.5, 0.9]) {
      const share = values.filter((value) => value < rate).length / count;
      assert.ok(Math.abs(share - rate) < 0.02, `${shape}: ${share} for ${rate}`);
    }
    const other = values.filter(
      (value, index) => value < 0.25 && sampleValue(`${shape}${index}site-stay`) < 0.25,
    );
    assert.ok(Math.abs(other.length / count - 0.0625) < 0.01, `${shape}: ${other.length}`);
  }
  // A new version of the loader must not draw other visitors.
  assert.equal(sampleValue("customer-17site-standard"), 0.3010495703201741);
});

test("page rules match the path alone, and only its beginning", () => {
  const excluded = (config, currentPath) => !!isPathExcluded(context({ config, currentPath }));
  assert.equal(excluded({}, "/shop"), false);
  assert.equal(excluded({ include: ["/tea", "/shop/**"] }, "/shop"), false);
  assert.equal(excluded({ include: ["/tea", "/shop/**"] }, "/shops"), true);
  assert.equal(excluded({ exclude: ["/*/cart"] }, "/tea/cart"), true);
  assert.equal(excluded({ exclude: ["/*/cart"] }, "/tea"), false);
  assert.equal(excluded({ include: ["/tea/**"], exclude: ["/*/cart"] }, "/tea/cart"), true);
  assert.equal(excluded({ include: ["/shop/**"] }, `/shop/${"a/".repeat(4000)}`), false);
  assert.equal(excluded({ include: [`/${"a".repeat(299)}`] }, `/${"a".repeat(4000)}`), false);
});

/** Reference for globs: a regular expression, which takes exponential time but says what is meant. */
const expression = (glob) =>
  RegExp(
    `^${glob
      .replace(/[\\^$.+?()[\]{}|]/g, "\\$&")
      .replace(/\/\*\*(?=\/|$)/g, "(<below>)?")
      .replace(/\*\*/g, "<any>")
      .replace(/\*/g, "[^/]*")
      .replace(/<below>/g, "/.*")
      .replace(/<any>/g, ".*")}$`,
  );

test("globs match as their regular expressions", () => {
  let seed = 1;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const text = (letters) => "/" + Array.from({ length: random(9) }, () => letters[random(letters.length)]).join("");
  for (let round = 0; round < 50_000; round++) {
    const [glob, path] = [text("ab/**.+"), text("ab/.+")];
    assert.equal(!!matchesGlob(glob, path), expression(glob).test(path), `${glob} ${path}`);
  }
});

test("a glob takes time in its length times the path's", () => {
  // Counts how often the path is looked at, since a clock would tell of the machine.
  for (const glob of ["/*a*a*a*ab", "/**a**a**a**ab", `/**/*a*a*${"a".repeat(190)}b`, "/**/a/**/a/**/a/**/b"]) {
    let steps = 0;
    const path = `/${"a".repeat(149)}/${"a".repeat(149)}`;
    const counted = new Proxy(new String(path), {
      get(target, name) {
        if (/^\d+$/.test(String(name))) steps++;
        const value = Reflect.get(target, name);
        return typeof value == "function" ? value.bind(target) : value;
      },
    });
    assert.equal(!!matchesGlob(glob, counted), false);
    assert.ok(steps > path.length && steps <= 2 * glob.length * (path.length + 1), `${glob}: ${steps}`);
  }
});

test("events update the dates of their survey", () => {
  let state = recordEvent({ views: 2, lot: 7 }, KEY, "shown", TODAY);
  const first = { ignored: 1, shown: TODAY };
  assert.deepEqual(state, { views: 2, lot: 7, last: KEY, shown: `${TODAY} `, [KEY]: first });
  state = recordEvent(state, KEY, "shown", TODAY + 1.123456);
  const second = { ignored: 2, shown: TODAY + 1.1234 };
  assert.deepEqual([state.shown, state[KEY]], [`${TODAY + 1} ${TODAY} `, second]);
  state = recordEvent(state, KEY, "dismissed", TODAY + 1.5);
  assert.deepEqual(state[KEY], { ...second, ignored: 0, dismissed: TODAY + 1 });
  state = recordEvent(state, KEY, "scored", TODAY + 2);
  assert.deepEqual(state[KEY], { ...second, ignored: 0, dismissed: TODAY + 1, scored: TODAY + 2 });
  state = recordEvent(state, "another", "shown", TODAY + 3);
  assert.deepEqual([state.last, state.another.ignored, state[KEY].scored], ["another", 1, TODAY + 2]);
});

test("ignored impressions are a day apart, by the hour and not by the date", () => {
  const shown = recordEvent(dates({}), KEY, "shown", TODAY + 0.99);
  const at = (now) => status(context(), shown, now);
  assert.equal(at(TODAY + 1.01), "ignored");
  assert.equal(at(TODAY + 1.98), "ignored");
  assert.equal(at(TODAY + 1.99), "due");
  // Dates of an earlier version have no time.
  check("due", {}, { ignored: 2 });
});

test("an impression that the survey has ended itself is not ignored", () => {
  const before = { ...dates({ ignored: 1, scored: TODAY - 200 }) };
  const shown = recordEvent(before, KEY, "shown", TODAY);
  assert.equal(status(context(), shown, TODAY), "ignored");
  const after = JSON.parse(JSON.stringify(withdrawImpression(shown, KEY)));
  assert.deepEqual(after[KEY], { ignored: 1, scored: TODAY - 200 });
  assert.equal(after.shown, `${TODAY} `, "it counts for the year");
  assert.equal(status(context(), after, TODAY), "due");
  for (const damaged of [null, undefined, "", "x", 0, true, []])
    assert.equal(status(context(), withdrawImpression(dates(damaged), KEY), TODAY), "due");
});

test("twelve impressions a year are remembered", () => {
  let state = { views: 2 };
  const twelve = { config: { when: [120, 7, 10, 12, 1] } };
  for (let index = 0; index < 40; index++) {
    state = recordEvent(state, KEY, "shown", TODAY - 400 + index);
    state = recordEvent(state, KEY, "dismissed", TODAY - 400 + index);
  }
  assert.ok(state.shown.length <= 72);
  const newest = TODAY - 400 + 39;
  assert.equal(status(context(twelve), state, newest + 365 - 12), "year");
  assert.equal(status(context(twelve), state, newest - 11 + 365), "due");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { greeting } from "./greeting.js";

const settings = {
  adminToken: "TOKEN_T",
  secret: "SIGNS_S",
  site: { id: "a", owner: "OWNER_A", read: "READ_A" },
  sample: { id: "b", owner: "OWNER_B", read: "READ_B" },
};
const started = { url: "http://127.0.0.1:8787", settings, settingsPath: "DATA", isOpen: false };

/** @param {{ newSites: string[], isNew: boolean, isTerminal: boolean }} given */
const printed = ({ newSites, ...given }) =>
  greeting({ ...started, ...given, newSites: new Set(newSites) }).join("\n");
const keys = (/** @type {string} */ text) => text.match(/OWNER_[AB]|READ_[AB]|TOKEN_T|SIGNS_S/g) ?? [];

test("keys and secrets are shown once, in a terminal", () => {
  const first = printed({ newSites: ["a", "b"], isNew: true, isTerminal: true });
  assert.deepEqual(keys(first), ["OWNER_A", "READ_A", "OWNER_B", "READ_B", "TOKEN_T", "SIGNS_S"]);
  const withSample = printed({ newSites: ["b"], isNew: false, isTerminal: true });
  assert.deepEqual(keys(withSample), ["OWNER_B", "READ_B"]);
});

test("a journal gets none of them, but where they are", () => {
  const text = printed({ newSites: ["a", "b"], isNew: true, isTerminal: false });
  assert.deepEqual(keys(text), []);
  assert.match(text, /Keys and secrets are in DATA/);
});

test("no heading is without its lines", () => {
  for (const isTerminal of [true, false]) {
    const lines = printed({ newSites: [], isNew: false, isTerminal }).split("\n");
    const headings = lines.filter((line) => line.endsWith(":"));
    assert.equal(headings.length, 2, String(headings));
  }
});

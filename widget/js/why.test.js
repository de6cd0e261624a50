// The states in why.json are those that `status` returns, and the declarations and the
// documentation have them word for word. `UPDATE=1 node --test why.test.js` writes both.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import test from "node:test";

const path = (name) => new URL(name, import.meta.url);
const read = (name) => readFileSync(path(name), "utf8");
const WORDS = Object.entries(JSON.parse(read("why.json")));

/** Checks the lines between two marks of a file, or writes them. */
const generated = (name, [start, end], lines) => {
  const text = read(name);
  const from = text.indexOf(start) + start.length;
  const to = text.indexOf(end, from);
  assert.ok(from >= start.length && to > 0, `${name} has no place for the states`);
  const expected = text.slice(0, from) + lines.join("\n") + text.slice(to);
  if (process.env.UPDATE) writeFileSync(path(name), expected);
  else assert.equal(text, expected, `run UPDATE=1 node --test why.test.js`);
};

test("the declarations have every state with its sentence", () => {
  const lines = WORDS.map(([word, sentence]) => `  /** ${sentence} */\n  | "${word}"`);
  generated("grapevine.d.ts", ["  // Generated from why.json.\n", ";\n\ntype GrapevineEvent"], lines);
});

test("the documentation has every state with its sentence", () => {
  const lines = WORDS.map(([word, sentence]) => `| \`"${word}"\` | ${sentence} |`);
  generated("../../docs/embedding.md", ["| state | meaning |\n|---|---|\n", "\n\nThe first that applies"], lines);
});

test("the list has every state that the scripts return, and no other", () => {
  const source = read("eligibility.js");
  const body = source.slice(source.indexOf("export const status"), source.indexOf("export const recordEvent"));
  const returned = [...body.matchAll(/(?:&&|\|\|)\s*"([a-z]+)"/g)].map(([, word]) => word);
  // Those in `blocked` and `barred`.
  const elsewhere = { hidden: "loader.js", browser: "surroundings.js", origin: "surroundings.js" };
  for (const [word, name] of Object.entries(elsewhere)) assert.ok(read(name).includes(`"${word}"`), word);
  const all = new Set([...returned, ...Object.keys(elsewhere)]);
  assert.deepEqual([...all].sort(), WORDS.map(([word]) => word).sort());
});

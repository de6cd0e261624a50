import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const folder = new URL("../locales/", import.meta.url);
const read = (/** @type {string} */ file) => JSON.parse(readFileSync(new URL(file, folder), "utf8"));
const english = read("en.json");
const placeholders = (/** @type {string} */ text) => (text.match(/\{\w+\}/g) ?? []).sort();

for (const file of readdirSync(folder).filter((file) => file.endsWith(".json")))
  test(`${file} has the texts of en.json, with their placeholders`, () => {
    const texts = read(file);
    assert.deepEqual(Object.keys(texts), Object.keys(english));
    for (const [key, text] of Object.entries(texts)) {
      assert.deepEqual(placeholders(text), placeholders(english[key]), key);
      assert.doesNotMatch(text, /—|\s\s|^\s|\s$/, key);
    }
  });

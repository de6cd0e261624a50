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
    assert.deepEqual(Object.keys(texts.hosted), Object.keys(english.hosted));
    const flat = { ...texts, ...texts.hosted };
    for (const [key, text] of Object.entries({ ...english, ...english.hosted })) {
      if (key == "hosted") continue;
      assert.deepEqual(placeholders(flat[key]), placeholders(text), key);
      assert.doesNotMatch(flat[key], /—|\s\s|^\s|\s$/, key);
    }
  });

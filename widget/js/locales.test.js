import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

const folder = new URL("../locales/", import.meta.url);
const read = (/** @type {string} */ file) => JSON.parse(readFileSync(new URL(file, folder), "utf8"));
const placeholders = (/** @type {string} */ text) => (text.match(/\{\w+\}/g) ?? []).sort();

/**
 * Texts by key, those of the collector's pages as `hosted.KEY`.
 * @param {Record<string, any>} locale
 * @returns {Record<string, string>}
 */
const flatten = ({ hosted, ...texts }) => {
  for (const [key, text] of Object.entries(hosted)) texts[`hosted.${key}`] = text;
  return texts;
};
const english = flatten(read("en.json"));

/** A letter followed by a letter of another alphabet that has the same shapes, such as `нè`. */
const MIXED_ALPHABETS = ["Latin", "Cyrillic", "Greek"].map(
  (script) => RegExp(`(?=\\p{sc=${script}})\\p{L}(?!\\p{sc=${script}})\\p{L}`, "u"),
);

/** Quotation marks of all languages, in pairs. Some open in one language and close in another. */
const QUOTATIONS = /“[^“”„]*”|„[^“”„]*[“”]|”[^“”„]*[”“]|«[^«»]*»|»[^«»]*«|‘[^‘’]*’|「[^「」]*」/gu;
/** A quotation mark that has no partner, or that is typed instead of printed. */
const UNPAIRED = /["'“”„«»‘’「」]/u;
const APOSTROPHE = /(?<=[\p{sc=Latin}\p{sc=Cyrillic}])’(?=[\p{sc=Latin}\p{sc=Cyrillic}])/gu;

for (const file of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  const texts = flatten(read(file));

  test(`${file} has the texts of en.json, with their placeholders`, () => {
    assert.deepEqual(Object.keys(texts), Object.keys(english));
    for (const [key, text] of Object.entries(texts))
      assert.deepEqual(placeholders(text), placeholders(english[key]), key);
  });

  test(`${file} is punctuated well`, () => {
    for (const [key, text] of Object.entries(texts)) {
      assert.doesNotMatch(text, /—|\s\s|^\s|\s$/u, key);
      assert.doesNotMatch(text.replace(APOSTROPHE, "").replace(QUOTATIONS, ""), UNPAIRED, key);
      for (const mixed of MIXED_ALPHABETS) assert.doesNotMatch(text, mixed, key);
    }
  });

  test(`${file} has the digits of the scale, which the browser chooses by the language`, () => {
    const digit = new Intl.NumberFormat(file.replace(".json", ""), { useGrouping: false });
    const digits = digit.format(1_234_567_890);
    for (const [key, text] of Object.entries(texts))
      for (const [found] of text.matchAll(/\p{Nd}/gu)) assert(digits.includes(found), `${key}: ${text}`);
  });
}

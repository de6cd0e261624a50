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

const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
const tags = files.map((file) => file.replace(".json", "")).sort();

for (const file of files) {
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

  test(`${file} has the digits of the scale, which are those of the language`, () => {
    const digit = new Intl.NumberFormat(file.replace(".json", ""), { useGrouping: false });
    const digits = digit.format(1_234_567_890);
    for (const [key, text] of Object.entries(texts))
      for (const [found] of text.matchAll(/\p{Nd}/gu)) assert(digits.includes(found), `${key}: ${text}`);
  });
}

test("sr-Latn.json is sr.json in Latin letters", () => {
  const cyrillic = [..."абвгдђежзијклљмнњопрстћуфхцчџш"];
  const latin = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š".split(" ");
  const transliterate = (/** @type {string} */ text) =>
    text.replace(/\p{sc=Cyrillic}/gu, (letter) => {
      const small = latin[cyrillic.indexOf(letter.toLowerCase())];
      return letter == letter.toLowerCase() ? small : small[0].toUpperCase() + small.slice(1);
    });
  const expected = Object.entries(flatten(read("sr.json"))).map(([key, text]) => [key, transliterate(text)]);
  assert.deepEqual(flatten(read("sr-Latn.json")), Object.fromEntries(expected));
});

test("the documentation and the description of the API list each language", () => {
  const repository = (/** @type {string} */ path) =>
    readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const list = /The (\d+) languages are ([^.]+)\./.exec(repository("docs/embedding.md")) ?? [];
  assert.equal(Number(list[1]), tags.length);
  assert.deepEqual(list[2].match(/(?<=`)[\w-]+(?=`)/g), tags);
  const description = JSON.parse(repository("collector/openapi.json"));
  assert.deepEqual(description.components.schemas.Language.enum.sort(), tags);
});

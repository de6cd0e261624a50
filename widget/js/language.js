// Choice of the survey's language among those there are.
//
// The collector chooses for hosted pages and emails (api/src/language.rs). Both sides are tested
// with api/tests/cases/language.json.

/** Regions whose parent locale in CLDR is pt-PT. Portuguese of any other region is pt-BR. */
const PT_PT_REGIONS = /AO|CH|CV|FR|GQ|GW|LU|M[OZ]|PT|ST|TL/;

/**
 * Returns the available language for the first preference that has one, else English.
 *
 * Scripts and regions resolve by CLDR: `zh-TW` is `zh-Hant`, `pt-AO` is `pt-PT`, `iw` is `he`.
 * @param {(string | null | undefined)[]} preferences BCP 47 tags; `_` may stand for `-`
 * @param {string} available the available tags, with a space before and after each
 */
export const chooseLanguage = (preferences, available) => {
  for (const tag of preferences)
    try {
      const { language, script, region } = new Intl.Locale(
        /** @type {string} */ (tag).replace(/_/g, "-"),
      ).maximize();
      const variant = PT_PT_REGIONS.test(/** @type {string} */ (region)) ? "PT" : "BR";
      return /** @type {string[]} */ (
        RegExp(` (${language.replace(/^n[no]$/, "nb")}(-${script}|-${variant})?) `).exec(available)
      )[1];
    } catch {} // not a tag, or none of the available languages
  return "en";
};

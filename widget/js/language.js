// Choice of the survey's language among those there are.
//
// The collector chooses for hosted pages and emails (api/src/language.rs). Both sides are tested
// with api/tests/cases/language.json.

/** Regions whose parent locale in CLDR is pt-PT. Portuguese of any other region is pt-BR. */
const PT_PT_REGIONS = /AO|CH|CV|FR|GQ|GW|LU|M[OZ]|PT|ST|TL/;

/**
 * Returns the available language for the first preference that has one, else English.
 *
 * Scripts and regions resolve by CLDR: `zh-TW` is `zh-Hant`, `sr-ME` is `sr-Latn`, `iw` is `he`.
 * Bosnian is read in its nearest relative of the same alphabet.
 * @param {(string | null | undefined)[]} preferences BCP 47 tags; `_` may stand for `-`, and what
 * POSIX adds after `.` or `@` is ignored
 * @param {string} available the available tags, with a space before and after each
 */
export const chooseLanguage = (preferences, available) => {
  for (const tag of preferences)
    try {
      const { language, script, region } = new Intl.Locale(
        /** @type {string} */ (tag).replace(/[.@].*/, "").replace(/_/g, "-"),
      ).maximize();
      const known = language
        .replace(/^n[no]$/, "nb")
        .replace(/^bs$/, script === "Cyrl" ? "sr" : "hr");
      const variant = PT_PT_REGIONS.test(/** @type {string} */ (region)) ? "PT" : "BR";
      // `sr` alone would fit `sr-Latn` too, so it comes last.
      const chosen = [`${known}-${script}`, `${known}-${variant}`, known].find((candidate) =>
        available.includes(` ${candidate} `),
      );
      if (chosen) return chosen;
    } catch {} // not a tag
  return "en";
};

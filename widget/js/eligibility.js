// Eligibility: whether the survey may show now, and the first reason why it may not.
//
// Every function here is pure. The caller passes in the day, the stored dates and the state of the
// page, so that Node tests each rule with a clock of its own. The loader calls `status`; the widget
// entry calls `recordEvent`, which writes the dates that `status` reads.
//
// The collector applies the same recontact rules to identified users, in
// collector/core/src/eligibility.rs. Both sides are tested with api/tests/cases/recontact.json.

/** @import { Context, SurveyDates } from "./types" */

export const DAY_MS = 864e5;
const YEAR_DAYS = 365;
/** Longest part of a path that the page rules are matched against. */
const MAX_PATH = 300;
/** Longest list of impression days, in characters: 14 days of five digits, more than the 12 a year. */
const MAX_SHOWN_LIST = 72;

/**
 * Whether a glob matches a path, as `Glob::matches` in api/src/survey/glob.rs does: in time of the
 * glob's length times the path's. Both sides are tested with api/tests/cases/globs.json.
 *
 * The origins of a site are globs too: `https://*.host` is each subdomain of a host, at any depth.
 * They are tested with api/tests/cases/origins.json.
 * @param {string} glob
 * @param {string} path
 */
export const matchesGlob = (glob, path) => {
  /** @type {unknown[]} whether the pieces so far match the path up to each position */
  let ends = [true];
  for (const piece of /** @type {string[]} */ (glob.match(/\/\*\*(?![^/])|\*\*?|./g))) {
    /** @type {unknown} whether a wildcard that began earlier goes on here */
    let open;
    ends = [...path, ""].map((_, position) => {
      const letter = path[position - 1];
      const next = ends[position - 1] && letter; // the letter that this piece can begin with
      return piece == "/**"
        ? (open ||= next == "/") || ends[position]
        : piece[0] == "*"
          ? (open = ends[position] || (open && (piece[1] || letter != "/")))
          : next == piece;
    });
  }
  return ends[path.length];
};

/**
 * Whether the site's page rules exclude the current path.
 * @param {Context} context
 */
export const isPathExcluded = ({ config, currentPath }) => {
  const isMatch = (/** @type {string} */ glob) => matchesGlob(glob, currentPath.slice(0, MAX_PATH));
  return (config.include && !config.include.some(isMatch)) || config.exclude?.some(isMatch);
};

/**
 * Maps a key to a number from 0 to 1, always the same one. A visitor is in the sample when the
 * number is below the sampling rate.
 * @param {string} key
 */
export const sampleValue = (key) => {
  let hash = 0;
  for (const letter of key)
    hash = Math.imul(hash ^ /** @type {number} */ (letter.codePointAt(0)) ^ (hash >>> 15), 0x5bd1e995);
  return hash / 2 ** 32 + 0.5;
};

/**
 * Returns the status that the page is told: the first reason that applies, in this order, or "due".
 * why.json explains each word.
 *
 * A date ahead of today was written while a clock was wrong. It counts like a date as far back.
 * @param {Context} context
 * @param {SurveyDates} dates
 * @param {number} now in days since 1970 (UTC)
 */
export const status = (context, dates, now) => {
  const { config, surveyKey } = context;
  const [answeredDays, dismissedDays, maxIgnored, maxPerYear, ignoredDays] = config.when;
  const record = { ...dates[surveyKey] };
  const shownDays = `${dates.shown}`.split(" "); // newest first
  /** @type {(day: any, days: number, from?: number) => boolean} */
  const within = (day, days, from = now | 0) => Math.abs(from - day) < days;
  return (
    (context.obstructed && "dialog") ||
    (context.hostElement?.isConnected && "open") ||
    context.blocked ||
    context.barred ||
    (context.isFramed() && "frame") ||
    (context.unseen && "background") ||
    (context.userId == context.refusedUser && "user") ||
    (config.signals?.some((name) => /** @type {any} */ (navigator)[name] == 1) && "privacy") ||
    (config.storage == "consent" && !context.storageAllowed && "consent") ||
    (isPathExcluded(context) && "page") ||
    (config.sample < 1 && context.drawSample() >= config.sample && "sample") ||
    (within(record.scored, answeredDays) && "answered") ||
    (within(record.dismissed, dismissedDays) && "dismissed") ||
    (record.ignored && (record.ignored >= maxIgnored || within(record.shown, ignoredDays, now)) && "ignored") ||
    (dates.last != surveyKey && within(shownDays[0], dismissedDays) && "other") ||
    (within(shownDays[maxPerYear - 1], YEAR_DAYS) && "year") ||
    (context.storageAllowed
      ? !(dates.views >= config.view) && "view"
      : !context.beginsVisit && "visit") ||
    // The last, so that only a page whose visitor is due otherwise watches for the element.
    (config.target && !context.findElement(config.target) && "target") ||
    "due"
  );
};

/**
 * Returns the dates after an event. An impression counts as ignored until the visitor gives a score
 * or dismisses it. Its time is kept to ten seconds, so that the next impression is a whole day
 * later and not only on the next date.
 * @param {SurveyDates} dates
 * @param {string} surveyKey
 * @param {"shown" | "scored" | "dismissed"} name
 * @param {number} now in days since 1970 (UTC)
 * @returns {SurveyDates}
 */
export const recordEvent = (dates, surveyKey, name, now) => {
  const { [surveyKey]: record, shown = "" } = dates;
  const today = now | 0;
  if (name != "shown") return { ...dates, [surveyKey]: { ...record, [name]: today, ignored: 0 } };
  return {
    ...dates,
    [surveyKey]: { ...record, shown: ((now * 1e4) | 0) / 1e4, ignored: 1 + (record?.ignored ?? 0) },
    last: surveyKey,
    shown: `${today} ${shown}`.slice(0, MAX_SHOWN_LIST),
  };
};

/**
 * Returns the dates after an impression that the survey itself has ended, for example because the
 * visitor went to a page that the rules exclude. It was not ignored.
 * @param {SurveyDates} dates
 * @param {string} surveyKey
 * @returns {SurveyDates}
 */
export const withdrawImpression = (dates, surveyKey) => {
  const record = dates[surveyKey];
  return { ...dates, [surveyKey]: { ...record, shown: undefined, ignored: record?.ignored - 1 || undefined } };
};

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
 * Number of the day since 1970 (UTC) that a time is in.
 * @param {number} nowMs
 */
export const dayNumber = (nowMs) => (nowMs / DAY_MS) | 0;

/**
 * Whether the site's page rules exclude the current path.
 * @param {Context} context
 */
export const isPathExcluded = ({ config, currentPath }) =>
  config.pages && !RegExp(config.pages).test(currentPath.slice(0, MAX_PATH));

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
 *
 * A date ahead of today was written while a clock was wrong. It counts like a date as far back.
 * @param {Context} context
 * @param {SurveyDates} dates
 * @param {number} today
 */
export const status = (context, dates, today) => {
  const { config, surveyKey } = context;
  const [answeredDays, dismissedDays, maxIgnored, maxPerYear] = config.when;
  const record = { ...dates[surveyKey] };
  const shownDays = `${dates.shown}`.split(" "); // newest first
  /** @type {(day: any, days: number) => boolean} */
  const within = (day, days) => Math.abs(today - day) < days;
  return (
    (context.obstructed && "dialog") ||
    (context.hostElement?.isConnected && "open") ||
    context.blocked ||
    (context.userId == context.refusedUser && "user") ||
    (config.signals?.some((name) => /** @type {any} */ (navigator)[name] == 1) && "privacy") ||
    (config.storage == "consent" && !context.storageAllowed && "consent") ||
    (isPathExcluded(context) && "page") ||
    (config.target && !context.findElement(config.target) && "target") ||
    (config.sample < 1 && context.drawSample() >= config.sample && "sample") ||
    (within(record.scored, answeredDays) && "answered") ||
    (within(record.dismissed, dismissedDays) && "dismissed") ||
    (record.ignored >= maxIgnored && "ignored") ||
    (dates.last != surveyKey && within(shownDays[0], dismissedDays) && "other") ||
    (within(shownDays[maxPerYear - 1], YEAR_DAYS) && "year") ||
    (dates.views >= config.view ? "due" : "view")
  );
};

/**
 * Returns the dates after an event. An impression counts as ignored until the visitor gives a score
 * or dismisses it.
 * @param {SurveyDates} dates
 * @param {string} surveyKey
 * @param {"shown" | "scored" | "dismissed"} name
 * @param {number} today
 * @returns {SurveyDates}
 */
export const recordEvent = (dates, surveyKey, name, today) => {
  const { [surveyKey]: record, shown = "" } = dates;
  if (name != "shown") return { ...dates, [surveyKey]: { ...record, [name]: today, ignored: 0 } };
  return {
    ...dates,
    [surveyKey]: { ...record, ignored: 1 + (record?.ignored ?? 0) },
    last: surveyKey,
    shown: `${today} ${shown}`.slice(0, MAX_SHOWN_LIST),
  };
};

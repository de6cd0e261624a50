// Formats of numbers and dates.

const MINUS = "\u2212";
const months = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
const moments = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/London" });
const counts = new Intl.NumberFormat("en-GB");

/** Formats a score with that number of decimals, rounded half away from zero, never as minus zero. */
export function number(value, decimals) {
  const factor = 10 ** decimals;
  const units = Math.round(Math.abs(value) * factor);
  const sign = value < 0 && units > 0 ? MINUS : "";
  return sign + (units / factor).toFixed(decimals);
}

/** Formats a count with separators. */
export const count = (value) => counts.format(value);

/** "1 response", "2 responses". */
export const several = (value, noun) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** Formats an interval, or "none". */
export const range = (interval, decimals = 1) =>
  interval ? `${number(interval.low, decimals)} to ${number(interval.high, decimals)}` : "none";

/** Formats the month of the `from` of a series entry, whose first ten characters are a local date. */
export const month = (from) => months.format(new Date(`${from.slice(0, 10)}T00:00:00Z`));

/** Formats a timestamp in the time zone of the shop. */
export const moment = (at) => moments.format(new Date(at));

/** Returns the category of a score. */
export const category = (score) => (score >= 9 ? "promoter" : score >= 7 ? "passive" : "detractor");

/** Creates an element with a class and text or children. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

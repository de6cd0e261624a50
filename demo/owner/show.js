// How numbers and dates are written.

const MINUS = "\u2212";
const months = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
const moments = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "Europe/London" });
const counts = new Intl.NumberFormat("en-GB");

/** A score with so many decimals, rounded half away from zero, and never minus zero. */
export function number(value, decimals) {
  const factor = 10 ** decimals;
  const units = Math.round(Math.abs(value) * factor);
  const sign = value < 0 && units > 0 ? MINUS : "";
  return sign + (units / factor).toFixed(decimals);
}

/** A whole count with separators. */
export const count = (value) => counts.format(value);

/** "1 response", "2 responses". */
export const several = (value, noun) => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** An interval in words, as far as there is one. */
export const range = (interval, decimals = 1) =>
  interval ? `${number(interval.low, decimals)} to ${number(interval.high, decimals)}` : "none";

/** The month that begins with a series entry's `from`: its first ten characters are a local date. */
export const month = (from) => months.format(new Date(`${from.slice(0, 10)}T00:00:00Z`));

/** A moment in the shop's time zone. */
export const moment = (at) => moments.format(new Date(at));

/** The category of a score. */
export const category = (score) => (score >= 9 ? "promoter" : score >= 7 ? "passive" : "detractor");

/** An element with a class and text or children. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

// The user whom the page names: parsed, and checked against the placeholders that templates leave.
//
// api/tests/cases/user_placeholders.json lists cases that this module and the collector must pass.

import { warn } from "./warn.js";

/** Values that templates write when nobody is signed in, and ids longer than the collector accepts. */
const REJECTED = /^(true|-1|null|guest|undefined|anonymous|\[object object\]|none|false|nan|0)$|^.{1001}/isu;

/**
 * Returns the user id as trimmed text: "" if it is missing, a falsy value with a warning if it is
 * rejected.
 * @param {unknown} user
 * @returns {any}
 */
export const parseUser = (user) => {
  const text = `${user ?? ""}`.trim();
  return REJECTED.test(text) ? warn(`user="${text}"`) : text;
};

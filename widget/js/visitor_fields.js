// The fields of a message that the page has given about its visitor, within the collector's limits.

/** @import { Context } from "./types" */

/** Most properties of one message, as in the collector. */
const MAX_PROPERTIES = 20;
/** Most characters of a property's value, as in the collector. */
const MAX_VALUE = 200;

/**
 * Returns the user id and the properties. Properties that the site declares come first, so they are
 * kept when there are too many. A value that has no text is left out.
 * @param {Context} context
 */
export const visitorFields = ({ config, userId, userProperties }) => {
  /** @type {Record<string, string>} */
  const properties = {};
  let count = 0;
  for (const name of new Set([...(config.properties ?? []), ...Object.keys(userProperties)]))
    try {
      if (userProperties[name] == null || count == MAX_PROPERTIES) continue;
      properties[name] = [...`${userProperties[name]}`].slice(0, MAX_VALUE).join("");
      count++;
    } catch {} // a symbol, or an object without `toString`
  return { user: userId || undefined, properties };
};

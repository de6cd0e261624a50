// The fields of a message that the page has given about its visitor, within the collector's limits.

/** @import { Context } from "./types" */

/** Most properties of one message, as in the collector. */
const MAX_PROPERTIES = 20;
/** Most characters of a property's value, as in the collector. */
const MAX_VALUE = 200;
/** Beginning of the proof that the loader keeps for its query. */
const PROOF_NAME = "&user_hash=";

/**
 * Returns the user id with its hash, and the properties. Properties that the site declares come
 * first, so they are kept when there are too many. A value that has no text is left out.
 * @param {Context} context
 */
export const visitorFields = ({ config, userId, userProof, userProperties }) => {
  /** @type {Record<string, string>} */
  const properties = {};
  let count = 0;
  for (const name of new Set([...(config.properties ?? []), ...Object.keys(userProperties)]))
    try {
      if (userProperties[name] == null || count == MAX_PROPERTIES) continue;
      properties[name] = [...`${userProperties[name]}`].slice(0, MAX_VALUE).join("");
      count++;
    } catch {} // a symbol, or an object without `toString`
  const hash = userId && userProof?.slice(PROOF_NAME.length);
  const proof = hash ? { user_hash: hash } : {};
  // A tag with `data-test` is that of a page that is tried out.
  const test = config.test == null ? {} : { test: true };
  return { user: userId || undefined, ...proof, properties, ...test };
};

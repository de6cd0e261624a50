// Attributes of the tag that say how the survey looks. Those that say whether and when it shows are
// read by the loader.

/** @import { Context } from "./types" */

/** Each attribute with its accepted form. */
const ATTRIBUTES = /^(mode=(card|bar|inline|tab)|lang=\w{2,3}([-_]\w+)*|corner=(top|bottom)-(left|right))$/;

/**
 * Puts the attributes in the place of the site's settings, and warns about values that cannot be
 * read.
 * @param {Context} context
 */
export const readAttributes = ({ config, script }) => {
  for (const name of /** @type {const} */ (["mode", "lang", "corner"])) {
    const text = script?.dataset[name]; // a cached loader of an earlier version has read them
    if (text == null) continue;
    if (ATTRIBUTES.test(`${name}=${text}`)) /** @type {any} */ (config)[name] = text;
    // The build drops every other message of this script.
    else window.console.warn(`Grapevine ignores data-${name}="${text}"`);
  }
};

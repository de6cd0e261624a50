// Warnings in the console about values of the page that the loader ignores.

/** @type {string | undefined} */
let last;

/**
 * Warns about a value, unless the last warning was about it too.
 * @param {string} text
 */
export const warn = (text) => text != last && console.warn("Grapevine ignores " + (last = text));

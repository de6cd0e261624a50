// What the page's surroundings say about it: the windows around it, the navigation that led to it,
// its origin and its browser.

import { matchesGlob } from "./eligibility.js";
import { guard } from "./guard.js";

/**
 * Whether a window around this one shows the survey in place of it: it has loaded Grapevine, or may
 * still load it. In that case it calls back once it has loaded. A window of another origin does not
 * say.
 */
export const isFramed = guard((/** @type {(() => void) | void} */ onLoad) => {
  for (let frame = /** @type {any} */ (window); frame != frame.parent; )
    try {
      frame = frame.parent;
      if (frame.document.readyState != "complete" && !frame.addEventListener("load", onLoad)) return true;
      if (frame.grapevine.loaded) return true;
    } catch {}
});

/** Whether a URL is of the page's own origin. */
export const isOwn = (/** @type {string | undefined} */ url) => url?.startsWith(location.origin + "/");

/**
 * Whether the visit of the site begins with this page. When in doubt it does not. Where nothing is
 * stored, only such a page may ask. A page without an origin of its own has no history of its own.
 */
export const beginsVisit = guard(
  () =>
    !isOwn(document.referrer) &&
    // Deprecated, but every browser has it, and the loader has no bytes to spare. 0 is a link, a
    // form or an address; without it the answer is no.
    !performance.navigation.type &&
    !(window.navigation ? navigation.currentEntry?.index : history.length - 1),
)();

/**
 * Returns why the survey cannot show on any page of this origin, or in this browser.
 * @param {string[] | undefined} origins patterns of the site's origins; any origin if there are
 * none
 * @param {string | undefined} scriptUrl URL of the loader: the collector's own pages may always ask
 */
export const barrier = (origins, scriptUrl) =>
  (!document.adoptedStyleSheets && "browser") ||
  (origins && !isOwn(scriptUrl) && !origins.some((pattern) => matchesGlob(pattern, location.origin)) && "origin");

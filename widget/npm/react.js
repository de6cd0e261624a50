// Hook for React.

import { useEffect, useRef, useState } from "react";

import { load } from "./index.js";

/** @import { LoadOptions } from "./index.js" */

/**
 * State of the survey: nothing while it loads and on a server, the function of its commands once it
 * is there, or why it could not be loaded.
 * @typedef {{ grapevine?: Grapevine, error?: Error }} Survey
 */

/** @typedef {{ user: string | null, userHash: string | undefined }} Identity */

/** @type {Identity | undefined} What the components of this page have given last. */
let identified;

/**
 * Loads the survey after the first render, once for the page. When `user` or `userHash` changes,
 * for example at a login, the visitor is identified anew, also where the tag of the page or a
 * component that is gone named another. A component without the option `user` changes nothing. All
 * other options count for the first call.
 * @param {LoadOptions} options
 * @returns {Survey}
 */
export function useGrapevine(options) {
  const [survey, setSurvey] = useState(/** @type {Survey} */ ({}));
  const { host, site, user, userHash } = options;
  const first = useRef(options);
  const isGiven = "user" in options;

  useEffect(() => {
    let isMounted = true;
    const set = (/** @type {Survey} */ next) => isMounted && setSurvey(next);
    load({ ...first.current, host, site }).then(
      (grapevine) => set({ grapevine }),
      (error) => set({ error }),
    );
    return () => {
      isMounted = false;
    };
  }, [host, site]);

  const { grapevine } = survey;
  useEffect(() => {
    // `undefined` is nobody after a user only. Before that, a login may still be looked up.
    if (!grapevine || !isGiven || (user === undefined && !identified)) return;
    const before = identified ?? identityOfTag(site);
    identified = { user: user ?? null, userHash };
    if (before.user === identified.user && before.userHash === userHash) return;
    // A wrong command is the only thing that it rejects.
    void grapevine("identify", identified.user, userHash);
  }, [grapevine, isGiven, site, user, userHash]);

  return survey;
}

/**
 * Returns whom the tag of the page names, which `load` or the HTML has added.
 * @param {string} site
 * @returns {Identity}
 */
function identityOfTag(site) {
  const tag = /** @type {HTMLScriptElement | null} */ (
    document.querySelector(`script[src$="/e/${site}.js"]`)
  );
  return { user: tag?.dataset.user ?? null, userHash: tag?.dataset.userHash };
}

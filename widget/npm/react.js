// Hook for React.

import { useEffect, useRef, useState } from "react";

import { load } from "./index.js";

/** @import { LoadOptions } from "./index.js" */

/**
 * State of the survey: nothing while it loads and on a server, the function of its commands once it
 * is there, or why it could not be loaded.
 * @typedef {{ grapevine?: Grapevine, error?: Error }} Survey
 */

/**
 * Loads the survey after the first render, once for the page. When `user` changes, for example at
 * a login, the visitor is identified anew; all other options count for the first call.
 * @param {LoadOptions} options
 * @returns {Survey}
 */
export function useGrapevine(options) {
  const [survey, setSurvey] = useState(/** @type {Survey} */ ({}));
  const { host, site, user, userHash } = options;
  const first = useRef(options);
  const identified = useRef(user);

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
    if (!grapevine || identified.current === user) return;
    identified.current = user;
    // A wrong command is the only thing that it rejects.
    void grapevine("identify", user ?? null, userHash);
  }, [grapevine, user, userHash]);

  return survey;
}

// Entry of the script that the loader imports when there is a survey to show or to wait for, or a
// response to send.
//
// It joins the watch, the mount, the outbox and the record of the impression, whose dates the
// loader reads for its later decisions.

import { readAttributes } from "./attributes.js";
import { createImpression } from "./impression.js";
import { createMount } from "./mount.js";
import { createOutbox } from "./outbox.js";
import { createWatch } from "./watch.js";

/** @import { Context, Files, ShowOptions } from "./types" */

/** Beginning of every outbox's key; the site follows. */
const PREFIX = "grapevine-";

/** @type {ReturnType<typeof createMount> | undefined} */
let mount;
/** @type {ReturnType<typeof createWatch>} */
let watch;

/**
 * Creates the outboxes that the hosted pages of other sites have left on the collector's origin. A
 * visitor may never come back to those pages.
 * @param {Context} context
 */
const otherSites = (context) => {
  const outboxes = [];
  try {
    if (location.href.startsWith(context.collectorUrl + "/s/"))
      for (const outboxKey in localStorage)
        if (outboxKey.startsWith(PREFIX) && outboxKey != context.outboxKey) {
          const config = { ...context.config, site: outboxKey.slice(PREFIX.length) };
          outboxes.push(createOutbox({ ...context, config, outboxKey }, () => {}));
        }
  } catch {} // storage is blocked
  return outboxes;
};

/**
 * Sends what earlier pages have left in the outbox when it is called first, and begins to watch for
 * what the survey waits for now. With `files` it opens the survey. The loader calls it each time
 * that it needs either.
 * @param {Context} context
 * @param {Files | string} [files]
 * @param {ShowOptions} [options] as the page gave them
 */
export const begin = (context, files, options) => {
  if (!mount) {
    readAttributes(context);
    const outbox = createOutbox(context, (id, state) => mount?.reportResult(id, state));
    const outboxes = [outbox, ...otherSites(context)];
    const flush = () => {
      for (const each of outboxes) each.flush();
    };
    mount = createMount(context, outbox.enqueue, createImpression(context));
    watch = createWatch(context);
    addEventListener("online", flush);
    document.addEventListener("visibilitychange", flush);
    flush();
  }
  watch();
  return files != undefined && mount.open(files, options);
};

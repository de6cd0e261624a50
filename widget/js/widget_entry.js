// Entry of the script that the loader imports when there is a survey to show or a response to send.
//
// It joins the mount and the outbox, and records in the stored dates what the visitor does, for the
// loader's later decisions.

import { DAY_MS, recordEvent } from "./eligibility.js";
import { createMount } from "./mount.js";
import { createOutbox } from "./outbox.js";

/** @import { Context } from "./types" */

/** Beginning of every outbox's key; the site follows. */
const PREFIX = "grapevine-";

/** @type {() => void} sends what the outboxes hold */
let flush;
/** @type {ReturnType<typeof createMount> | undefined} */
let mount;

/**
 * Creates the outboxes that the hosted pages of other sites have left on the collector's origin. A
 * visitor may never come back to those pages.
 * @param {Context} context
 */
const otherSites = (context) => {
  const outboxes = [];
  try {
    if (location.href.startsWith(context.collectorOrigin + "/s/"))
      for (const outboxKey in localStorage)
        if (outboxKey.startsWith(PREFIX) && outboxKey != context.outboxKey) {
          const config = { ...context.config, site: outboxKey.slice(PREFIX.length) };
          outboxes.push(createOutbox({ ...context, config, outboxKey }, () => {}));
        }
  } catch {} // storage is blocked
  return outboxes;
};

/**
 * Starts the outbox, which sends what earlier pages have left, and returns `open`. The loader calls
 * it again after an error; then the listeners are not added twice.
 * @param {Context} context
 */
export const begin = (context) => {
  if (!mount) {
    const outbox = createOutbox(context, (id, state) => mount?.reportResult(id, state));
    const outboxes = [outbox, ...otherSites(context)];
    flush = () => {
      for (const each of outboxes) each.flush();
    };
    mount = createMount(context, outbox.enqueue);
    for (const name of /** @type {const} */ (["shown", "scored", "dismissed"]))
      document.addEventListener("grapevine:" + name, () => {
        const today = (Date.now() / DAY_MS) | 0;
        const dates = recordEvent(context.readStore("grapevine"), context.surveyKey, name, today);
        context.writeStore("grapevine", dates);
      });
    addEventListener("online", flush);
    document.addEventListener("visibilitychange", flush);
  }
  flush();
  return mount;
};

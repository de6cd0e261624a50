// Entry of the script that the loader imports when there is a survey to show or a response to send.
//
// It joins the mount and the outbox, and records in the stored dates what the visitor does, for the
// loader's later decisions.

import { DAY_MS, recordEvent } from "./eligibility.js";
import { createMount } from "./mount.js";
import { createOutbox } from "./outbox.js";

/** @import { Context } from "./types" */

/** @type {ReturnType<typeof createOutbox>} */
let outbox;
/** @type {ReturnType<typeof createMount> | undefined} */
let mount;

/**
 * Starts the outbox, which sends what earlier pages have left, and returns `open`. The loader calls
 * it again after an error; then the listeners are not added twice.
 * @param {Context} context
 */
export const begin = (context) => {
  if (!mount) {
    outbox = createOutbox(context, (id, stored) => mount?.reportResult(id, stored));
    mount = createMount(context, outbox.enqueue);
    for (const name of /** @type {const} */ (["shown", "scored", "dismissed"]))
      document.addEventListener("grapevine:" + name, () => {
        const today = (Date.now() / DAY_MS) | 0;
        const dates = recordEvent(context.readStore("grapevine"), context.surveyKey, name, today);
        context.writeStore("grapevine", dates);
      });
    addEventListener("online", outbox.flush);
    document.addEventListener("visibilitychange", outbox.flush);
  }
  outbox.flush();
  return mount;
};

// Entry of the script that the loader imports when there is a survey to show or to wait for, or a
// response to send.
//
// It joins the watch, the mount, the outbox and the record of the impression, whose dates the loader
// reads for its later decisions.

import { createImpression } from "./impression.js";
import { createMount } from "./mount.js";
import { createOutbox } from "./outbox.js";
import { createWatch } from "./watch.js";

/** @import { Context } from "./types" */

/** @type {ReturnType<typeof createOutbox>} */
let outbox;
/** @type {ReturnType<typeof createMount> | undefined} */
let mount;
/** @type {ReturnType<typeof createWatch>} */
let watch;

/**
 * Sends what earlier pages have left in the outbox when it is called first, begins to watch for what
 * the survey waits for now, and returns `open`. The loader calls it each time that it needs either.
 * @param {Context} context
 */
export const begin = (context) => {
  if (!mount) {
    outbox = createOutbox(context, (id, stored) => mount?.reportResult(id, stored));
    mount = createMount(context, outbox.enqueue, createImpression(context));
    watch = createWatch(context);
    addEventListener("online", outbox.flush);
    document.addEventListener("visibilitychange", outbox.flush);
    outbox.flush();
  }
  watch();
  return mount;
};

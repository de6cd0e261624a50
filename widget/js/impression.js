// The impression of the survey on this page: its dates, and whether the visitor has done in another
// tab what it asks for here.

import { DAY_MS, recordEvent, withdrawImpression } from "./eligibility.js";

/** @import { Context } from "./types" */

const EVENTS = /** @type {const} */ (["shown", "scored", "dismissed"]);

/**
 * Records from now on what the visitor does with the survey of this page.
 * @param {Context} context
 */
export const createImpression = (context) => {
  const { surveyKey } = context;
  const readDates = () => context.readStore("grapevine");
  const record = () => readDates()[surveyKey];
  let known = "";
  let ignored = false; // shown, and neither scored nor dismissed so far
  let scored = false;
  let unseen = true;
  /** @param {Record<string, any>} dates */
  const write = (dates) => {
    context.writeStore("grapevine", dates);
    known = JSON.stringify(record());
  };
  for (const name of EVENTS)
    document.addEventListener("grapevine:" + name, () => {
      unseen = false;
      ignored = name == "shown";
      scored = name == "scored" || (scored && !ignored);
      write(recordEvent(readDates(), surveyKey, name, Date.now() / DAY_MS));
    });

  return {
    /** Notes the dates as they are before a survey comes onto the page. */
    begin() {
      ignored = scored = false;
      unseen = true;
      known = JSON.stringify(record());
    },
    /** Notes that the impression counts as it is, though its survey goes off the page. */
    keep() {
      ignored = false;
    },
    /** Whether the survey on the page does not count as shown so far. */
    isUnseen: () => unseen,
    /** Notes that the survey was taken off the page, though not by the visitor. */
    withdraw() {
      if (ignored && record()?.ignored > 0) write(withdrawImpression(readDates(), surveyKey));
      ignored = false;
    },
    /**
     * Whether the visitor has answered or dismissed the survey in another tab since. A survey with
     * a score stays: its response exists already, and its comment may be half written.
     */
    isDoneElsewhere: () => !scored && record()?.ignored === 0 && JSON.stringify(record()) != known,
  };
};

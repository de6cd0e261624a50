// Whether the window is in view: a frame may be far down in the page around it, or have no size.

import { guard } from "./guard.js";
import { isHidden } from "./view_time.js";

/** @import { Context, SurveySettings } from "./types" */

/** Height at the edge of the window where a card stands, at most all of the window. */
const CARD_HEIGHT = "200px";
/** The time between two looks at frames that the page around them hides. */
const LOOK_PAUSE_MS = 1e3;

/** Whether a frame around the window is not painted. A page of another origin does not say. */
const isFrameHidden = guard(() => {
  for (let frame = /** @type {Window} */ (window); frame.frameElement; frame = frame.parent)
    if (isHidden(frame.frameElement)) return true;
});

/**
 * Waits until a part of the window is in view, or half of the place where a card stands. A page
 * that is in no frame does not wait. The status is "background" meanwhile.
 * @param {Context} context
 * @param {SurveySettings} settings
 * @returns {Promise<void>}
 */
export const onceWindowInView = (context, { target, corner }) =>
  new Promise((resolve) => {
    if (parent == window) return resolve();
    context.unseen = true;
    const probe = document.createElement("div");
    probe.style.cssText =
      "all:initial!important;position:fixed!important;inset:0!important;pointer-events:none!important" +
      (target
        ? ""
        : `;block-size:${CARD_HEIGHT}!important;max-block-size:100%!important;inset-block:` +
          (corner?.startsWith("top") ? "0 auto" : "auto 0") +
          "!important");
    const threshold = target ? 1e-6 : 0.5;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const observer = new IntersectionObserver(
      (entries) => {
        clearTimeout(timer);
        // Firefox has what is in a window without a size in view.
        if (entries[entries.length - 1].intersectionRatio < threshold || !innerWidth || !innerHeight) return;
        if (isFrameHidden()) {
          timer = setTimeout(observe, LOOK_PAUSE_MS);
          return;
        }
        removeEventListener("resize", observe);
        observer.disconnect();
        probe.remove();
        context.unseen = false;
        resolve();
      },
      { threshold },
    );
    // A window that gets a size may be as much in view as before.
    const observe = () => {
      observer.disconnect();
      observer.observe(probe);
    };
    addEventListener("resize", observe);
    document.documentElement.append(probe);
    observe();
  });

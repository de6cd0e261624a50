// Whether the window is in view: a frame may be far down in the page around it, or have no size.

/** @import { Context } from "./types" */

/**
 * Waits until a part of the window is in view. A page that is in no frame does not wait. The status
 * is "background" meanwhile.
 * @param {Context} context
 * @returns {Promise<void>}
 */
export const onceWindowInView = (context) =>
  new Promise((resolve) => {
    if (parent == window) return resolve();
    context.unseen = true;
    const probe = document.createElement("div");
    probe.style.cssText =
      "all:initial!important;position:fixed!important;inset:0!important;pointer-events:none!important";
    const observer = new IntersectionObserver(
      (entries) => {
        // Firefox has what is in a window without a size in view.
        if (!entries[entries.length - 1].intersectionRatio || !innerWidth || !innerHeight) return;
        removeEventListener("resize", observe);
        observer.disconnect();
        probe.remove();
        context.unseen = false;
        resolve();
      },
      { threshold: 1e-6 },
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

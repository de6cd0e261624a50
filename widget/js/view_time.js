// How long a visitor has had the inline survey in view.

const VIEW_MS = 1e3;
/** Shares of the survey at which the browser looks again; it may be as tall as many windows. */
const THRESHOLDS = Array.from({ length: 101 }, (_, percent) => percent / 100);

/**
 * Whether nothing of the element is painted, though it has its place on the page. Browsers before
 * 2024 do not say.
 */
export const isHidden = (/** @type {Element} */ element) =>
  element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) == false;

/**
 * Calls back once half of the element, or of the window where the element is taller, has been in
 * view for a second, and is not hidden at its end.
 * @param {Element} element
 * @param {() => void} onSeen
 */
export const onceInView = (element, onSeen) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {boolean} */
  let isFlat;
  const observer = new IntersectionObserver(
    (entries) => {
      const { boundingClientRect, intersectionRect, isIntersecting } = entries[entries.length - 1];
      const isInView =
        intersectionRect.width > 0 &&
        intersectionRect.height * 2 >= Math.min(boundingClientRect.height, innerHeight);
      // All of an element that is scaled to nothing is in view, and so is all of it once it grows:
      // the observer does not report that.
      isFlat = isIntersecting && !(boundingClientRect.width * boundingClientRect.height);
      if (isInView || isFlat) timer ??= setTimeout(check, VIEW_MS);
      else {
        clearTimeout(timer);
        timer = undefined;
      }
    },
    { threshold: THRESHOLDS },
  );
  const check = () => {
    timer = undefined;
    observer.disconnect();
    // In the background nobody sees it. The observer reports again once there is something to see.
    if (document.hidden || isFlat || isHidden(element)) observer.observe(element);
    else onSeen();
  };
  observer.observe(element);
};

// How long a visitor has had the inline survey in view.

const VIEW_MS = 1e3;
/** Shares of the survey at which the browser looks again; it may be as tall as many windows. */
const THRESHOLDS = Array.from({ length: 101 }, (_, percent) => percent / 100);

/**
 * Calls back once half of the element, or of the window where the element is taller, has been in
 * view for a second.
 * @param {Element} element
 * @param {() => void} onSeen
 */
export const onceInView = (element, onSeen) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const observer = new IntersectionObserver(
    (entries) => {
      const { boundingClientRect, intersectionRect } = entries[entries.length - 1];
      const isInView =
        intersectionRect.width > 0 &&
        intersectionRect.height * 2 >= Math.min(boundingClientRect.height, innerHeight);
      if (isInView) timer ??= setTimeout(check, VIEW_MS);
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
    if (document.hidden) observer.observe(element);
    else onSeen();
  };
  observer.observe(element);
};

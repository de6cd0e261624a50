// Detects whether a modal dialog or full screen keeps visitors from using an element of ours.

/** Style of an element that no visitor sees but hit testing still finds: a line of 2 pixels. */
export const UNSEEN = "opacity:0!important;clip-path:inset(0 calc(50% - 1px))!important";

/** @type {(node: Element, x: number, y: number) => boolean} */
const isAt = (node, x, y) => {
  const elements = document.elementsFromPoint(x, y);
  // The page may have changed the methods of arrays.
  for (const index in elements) if (elements[index] == node) return true;
  return false;
};

/**
 * Whether a press in the middle of the element reaches it, or would if a message of the page were
 * not above it. What a modal dialog makes inert is not found there at all. An element without a box
 * is reachable: it covers nothing. Outside of what is in full screen, the element is also made
 * inert, so that keys do not reach it.
 * @param {HTMLElement} node
 */
export const isReachable = (node) => {
  const full = document.fullscreenElement;
  const outside = !!full && !full.contains(node);
  if (node.inert != outside) node.inert = outside;
  const { left, top, right, bottom } = node.getBoundingClientRect();
  const middle = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
  return (
    !outside &&
    (left == right || top == bottom || isAt(node, (left + right) / 2, middle))
  );
};

/**
 * Calls `check` whenever a dialog or full screen may have opened or closed. Returns a function that
 * ends that.
 * @param {() => void} check
 */
export const watchObstruction = (check) => {
  const names = ["fullscreenchange", "focusin"];
  const observer = new MutationObserver(check);
  observer.observe(document, { subtree: true, attributeFilter: ["open", "inert"] });
  const clock = setInterval(check, 1e3); // a dialog in a closed shadow root opens without an event
  for (const name of names) document.addEventListener(name, check);
  return () => {
    observer.disconnect();
    clearInterval(clock);
    for (const name of names) document.removeEventListener(name, check);
  };
};

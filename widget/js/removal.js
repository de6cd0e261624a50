// Detects that an element was taken off the page, such as by a framework that draws its place anew.

/**
 * Calls back once the element is off the page; a new place on it is no end. Returns a function that
 * ends that.
 * @param {Node} node
 * @param {() => void} onRemoved
 */
export const onceRemoved = (node, onRemoved) => {
  const observer = new MutationObserver(() => {
    if (node.isConnected) return;
    observer.disconnect();
    onRemoved();
  });
  observer.observe(document, { childList: true, subtree: true });
  return () => observer.disconnect();
};

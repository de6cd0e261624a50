/**
 * Returns the callback in a form that throws nothing, whatever the page has changed.
 * @type {<Args extends any[], Result>(callback: (...args: Args) => Result) =>
 *   (...args: Args) => Result | undefined}
 */
export const guard =
  (callback) =>
  (...args) => {
    try {
      return callback(...args);
    } catch {}
  };

// Signals that ask this program to end: Ctrl-C, a service manager, a terminal that is closed.

const STOP_SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * Returns a signal that aborts when this program is asked to end. From now on the system does not
 * end it by itself. npx passes Ctrl-C on in addition to the terminal, so it may be asked twice.
 */
export function stopSignal() {
  const stopping = new AbortController();
  for (const signal of STOP_SIGNALS) process.on(signal, () => stopping.abort());
  return stopping.signal;
}

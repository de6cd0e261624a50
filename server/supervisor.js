// Supervision of the collector's process: it is started again when it ends.
//
// A process can run out of file descriptors or memory, or be killed. What it acknowledged is on
// disk, so a new one on the same port serves all of it. A process that cannot run at all would be
// started for ever, so after a few short lives in a row the reason is reported instead.

import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "./user_error.js";
import { logEnd, startWorkerd } from "./workerd.js";

/** Life after which an exit has nothing to do with the ones before, in milliseconds. */
const STEADY_MS = 60_000;
/** Pause after the first exit. It doubles with every short life. */
const FIRST_PAUSE_MS = 500;
/** Short lives in a row after which the collector is given up. */
const MAX_SHORT_LIVES = 5;

/**
 * Returns how many short lives there were in a row, and the pause before the next start; no pause
 * where there shall be no start.
 * @param {number} livedMs
 * @param {number} shortLives before this one
 * @returns {{ shortLives: number, pauseMs: number | undefined }}
 */
export function afterExit(livedMs, shortLives) {
  const now = livedMs >= STEADY_MS ? 1 : shortLives + 1;
  return { shortLives: now, pauseMs: now < MAX_SHORT_LIVES ? FIRST_PAUSE_MS * 2 ** (now - 1) : undefined };
}

/**
 * @typedef {object} Events
 * @property {(pid: number) => void} started Called with the id of each process.
 * @property {(port: number) => Promise<void>} ready Called once, when the collector responds.
 * @property {(line: string) => void} log
 */

/**
 * Runs a collector until the signal aborts, and starts it again whenever its process ends. Fails
 * when it is given up.
 * @param {import("./workerd.js").WorkerdOptions} options
 * @param {Events} events
 * @param {AbortSignal} signal
 */
export async function supervise(options, { started, ready, log }, signal) {
  let begun = performance.now();
  let workerd = await startWorkerd(options, started, signal);
  options = { ...options, port: workerd.port };
  let shortLives = 0;
  try {
    await ready(workerd.port);
    while (true) {
      const end = await workerd.exited;
      if (signal.aborted) return;
      const livedMs = performance.now() - begun;
      const next = afterExit(livedMs, shortLives);
      ({ shortLives } = next);
      if (next.pauseMs === undefined) {
        throw new UserError(
          `The collector has ended ${shortLives} times within ${STEADY_MS / 1000} seconds of its ` +
            "start, at last with " +
            `${end}. It is given up; ${logEnd(options.data)}`,
        );
      }
      log(
        `The collector has ended after ${Math.floor(livedMs / 1000)} s with ${end}. Next start in ` +
          `${next.pauseMs} ms.`,
      );
      await sleep(next.pauseMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      begun = performance.now();
      try {
        workerd = await startWorkerd(options, started, signal);
        log("The collector is running again.");
      } catch (error) {
        // The old process has still ended, so the next round counts another short life.
        if (!signal.aborted) log(error.message);
      }
    }
  } finally {
    await workerd.stop();
  }
}

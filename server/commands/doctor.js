// Check of this machine, the data folder and the collector: a line for each thing, with what to do.

import { existsSync } from "node:fs";

import { checkClock, checkDisk, checkFolder, checkLock, checkSecrets } from "../checks/data.js";
import { checkDescriptors, checkNode, checkSystem, checkWorkerd } from "../checks/machine.js";
import { checkPortOrCollector } from "../checks/collector.js";
import { stopSignal } from "../stop_signals.js";
import { UserError } from "../user_error.js";

/**
 * @typedef {object} Finding
 * @property {"ok" | "warning" | "problem"} state
 * @property {string} text What was found, and unless it is right, what to do.
 */
/** @typedef {{ host: string, port: number, data: string }} Options */
/** @typedef {(options: Options & { signal: AbortSignal }) => Finding | Promise<Finding>} Check */

/** @type {Check[]} */
const MACHINE = [checkNode, checkSystem, checkWorkerd, checkDescriptors];
/** Checks of a data folder that can be used. @type {Check[]} */
const DATA = [checkDisk, checkSecrets, checkClock, checkLock];

/**
 * Checks everything, and fails where there is a problem. A warning is none.
 * @param {Options} options
 * @param {(line: string) => void} print
 */
export async function doctor(options, print) {
  const signal = stopSignal();
  let problems = 0;
  /** Returns whether there was no problem. */
  const run = async (/** @type {Check[]} */ ...checks) => {
    const before = problems;
    for (const check of checks) {
      const { state, text } = await attempt(check, { ...options, signal });
      if (signal.aborted) throw new UserError("The check was stopped.");
      problems += Number(state === "problem");
      print(`${state.padEnd(8)} ${text}`);
    }
    return problems === before;
  };
  await run(...MACHINE);
  if (!existsSync(options.data)) await run(noData);
  else if (await run(checkFolder)) await run(...DATA);
  await run(checkPortOrCollector);
  if (problems)
    throw new UserError(`\n${problems} problem${problems === 1 ? "" : "s"}. The lines above say what to do.`);
  print("\nEverything that Grapevine needs is there.");
}

/**
 * Runs a check. One that cannot be made is a problem by itself.
 * @param {Check} check
 * @param {Parameters<Check>[0]} options
 * @returns {Promise<Finding>}
 */
async function attempt(check, options) {
  try {
    return await check(options);
  } catch (error) {
    return { state: "problem", text: `A check cannot be made: ${error.message}` };
  }
}

/** @type {Check} */
const noData = ({ data }) => ({
  state: "ok",
  text: `There is no folder ${data} so far. The first start makes it.`,
});

// Checks of a data folder that exists.

import { accessSync, constants, existsSync, readdirSync, statSync, statfsSync } from "node:fs";
import { join } from "node:path";

import { holderOf } from "../lock.js";
import { SETTINGS_FILE, prepareSettings } from "../settings.js";

/** @typedef {import("../commands/doctor.js").Check} Check */

const LITTLE_BYTES = 1e9;
const NO_BYTES = 1e8;
/** Milliseconds that the clock of a file system may be ahead. */
const CLOCK_MS = 60_000;
/** Grapevine did not exist before. */
const OLDEST = Date.UTC(2026, 0);

/** @type {Check} */
export function checkFolder({ data }) {
  try {
    if (!statSync(data).isDirectory())
      return { state: "problem", text: `${data} is no folder. Name another with --data.` };
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
    return { state: "ok", text: `The data folder ${data} can be written` };
  } catch (error) {
    return {
      state: "problem",
      text: `${data} cannot be written: ${error.message}. Give it to the user who runs this.`,
    };
  }
}

/** @type {Check} */
export function checkDisk({ data }) {
  const { bavail, bsize } = statfsSync(data);
  const bytes = bavail * bsize;
  const text = `${(bytes / 1e9).toFixed(1)} GB are free on the disk of ${data}`;
  if (bytes >= LITTLE_BYTES) return { state: "ok", text };
  return {
    state: bytes < NO_BYTES ? "problem" : "warning",
    text: `${text}. Make room: on a full disk no response is stored.`,
  };
}

/** @type {Check} */
export function checkSecrets({ data }) {
  const path = join(data, SETTINGS_FILE);
  if (!existsSync(path))
    return { state: "ok", text: `There is no ${path} so far. The first start makes it.` };
  try {
    prepareSettings(data, process.env);
  } catch (error) {
    return { state: "problem", text: error.message };
  }
  if (process.platform === "win32" || (statSync(path).mode & 0o077) === 0) {
    return { state: "ok", text: `The keys and secrets in ${path} are for its owner alone` };
  }
  return {
    state: "warning",
    text: `Others can read the keys and secrets in ${path}. Run: chmod 600 ${path}`,
  };
}

/** A file that was written in the future shows that the clock was set back. @type {Check} */
export function checkClock({ data }) {
  const now = Date.now();
  const names = readdirSync(data, { recursive: true, encoding: "utf8" });
  const times = names.map((name) => statSync(join(data, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  const ahead = Math.max(...times, 0) - now;
  const clock = `The clock says ${new Date(now).toISOString()}`;
  if (now >= OLDEST && ahead < CLOCK_MS) return { state: "ok", text: clock };
  const why =
    now < OLDEST ? "is in the past" : `is ${Math.round(ahead / 1000)} s behind the newest file of ${data}`;
  return {
    state: "problem",
    text: `${clock}, which ${why}. Set it, for example with NTP: responses have its time.`,
  };
}

/** @type {Check} */
export function checkLock({ data }) {
  const holder = holderOf(data);
  if (!holder) return { state: "ok", text: `No program uses ${data}` };
  return { state: "ok", text: `The process ${holder.pid} (${holder.program}) uses ${data}` };
}

// Check of the collector that runs, or of its port.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { holderOf } from "../lock.js";
import { checkPort } from "../port.js";
import { SETTINGS_FILE, prepareSettings } from "../settings.js";
import { collectorUrl } from "../workerd.js";

/** @typedef {import("../commands/doctor.js").Check} Check */

/** @type {Check} */
export async function checkPortOrCollector(options) {
  return holderOf(options.data) ? checkCollector(options) : checkFree(options);
}

/** @type {Check} */
async function checkFree({ host, port }) {
  try {
    await checkPort(host, port);
    return { state: "ok", text: `Port ${port} on ${host} is free` };
  } catch (error) {
    return { state: "problem", text: error.message };
  }
}

/** Reads and writes the storage of the collector. @type {Check} */
async function checkCollector({ host, port, data }) {
  const url = `${collectorUrl(host, port)}/readyz`;
  if (!existsSync(join(data, SETTINGS_FILE))) {
    return {
      state: "warning",
      text: `${data} has no ${SETTINGS_FILE}, so the collector cannot be checked. Request ${url} yourself.`,
    };
  }
  const { settings } = prepareSettings(data, process.env);
  const headers = { authorization: `Bearer ${settings.adminToken.split(",")[0].trim()}` };
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(15_000) });
    if (response.ok)
      return {
        state: "ok",
        text: `The collector at ${url.replace("readyz", "")} reads and writes its storage`,
      };
    return { state: "problem", text: `${url} replied with ${response.status}: ${await response.text()}` };
  } catch (error) {
    const cause = error.cause?.message ?? error.message;
    return {
      state: "problem",
      text: `${url} does not respond: ${cause}. Use the --port and --host that it was started with.`,
    };
  }
}

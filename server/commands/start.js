// Start of a collector on this machine, with a first site.

import { join } from "node:path";

import { createSite, importResponses } from "../collector.js";
import { greeting } from "../greeting.js";
import { lock } from "../lock.js";
import { makeFolder } from "../make_folder.js";
import { checkPort } from "../port.js";
import { SAMPLE_SITE, sampleResponses } from "../sample.js";
import { SETTINGS_FILE, prepareSettings, storeSettings } from "../settings.js";
import { stopSignal } from "../stop_signals.js";
import { supervise } from "../supervisor.js";
import { collectorUrl } from "../workerd.js";

/** @typedef {import("../settings.js").Settings} Settings */

/**
 * Runs a collector until it is stopped by a signal, or fails.
 * @param {{ host: string, port: number, data: string, isDemo: boolean }} options
 * @param {(line: string) => void} print
 */
export async function start({ host, port, data, isDemo }, print) {
  // A closed pipe, as of `grapevine | head`, is no reason to end.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  const signal = stopSignal();
  makeFolder(data);
  const held = lock(data);
  try {
    await checkPort(host, port);
    const { settings, isNew } = prepareSettings(data, process.env);
    const log = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
    const ready = async (/** @type {number} */ actualPort) => {
      const local = collectorUrl(host, actualPort);
      const newSites = await prepareSites(local, data, settings, isDemo);
      const url = process.env.GRAPEVINE_PUBLIC_URL?.replace(/\/+$/, "") || local;
      const settingsPath = join(data, SETTINGS_FILE);
      const isOpen = !["127.0.0.1", "::1", "localhost"].includes(host);
      const isTerminal = process.stdout.isTTY === true;
      const lines = greeting({ url, settings, settingsPath, newSites, isNew, isOpen, isTerminal });
      lines.forEach(print);
    };
    await supervise({ host, port, data, ...settings }, { started: held.share, ready, log }, signal);
  } catch (error) {
    // A start that was stopped has not failed.
    if (!signal.aborted) throw error;
  } finally {
    held.release();
  }
}

/**
 * Creates the sites that are missing. Each step is stored before the next begins. Returns the ids
 * of the new ones.
 * @param {string} url
 * @param {string} data
 * @param {Settings} settings
 * @param {boolean} isDemo
 */
async function prepareSites(url, data, settings, isDemo) {
  /** @type {Set<string>} */
  const created = new Set();
  const create = async (/** @type {"site" | "sample"} */ name, /** @type {{ name: string }} */ options) => {
    const { timeZone: timezone } = Intl.DateTimeFormat().resolvedOptions();
    const site = await createSite(url, settings.adminToken, { ...options, timezone });
    settings[name] = site;
    storeSettings(data, settings);
    created.add(site.id);
  };
  if (!settings.site) await create("site", { name: "My site" });
  if (isDemo && !settings.sample) await create("sample", SAMPLE_SITE);
  if (isDemo && settings.sample && !settings.isImported) {
    await importResponses(url, settings.sample, sampleResponses());
    settings.isImported = true;
    storeSettings(data, settings);
  }
  return created;
}

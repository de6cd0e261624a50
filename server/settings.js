// `grapevine.json` in the data folder: the secrets that make the folder usable again, and the sites
// that `start` has created.
//
// Only the owner of the file may read it. It is written under another name and renamed, so it is
// never half written.

import { randomBytes } from "node:crypto";
import {
  existsSync,
  openSync,
  closeSync,
  fsyncSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { UserError } from "./user_error.js";

/** @typedef {{ id: string, owner: string, read: string }} Site A site and its keys. */
/**
 * @typedef {object} Settings
 * @property {string} adminToken Token that creates, lists and deletes sites.
 * @property {string} secret Secret that signs the ids of sites.
 * @property {Site} [site] First site.
 * @property {Site} [sample] Site with sample responses.
 * @property {string[]} [workers] Names of the Workers that were deployed with the secret.
 * @property {boolean} [isImported] Whether the sample responses were imported to the end.
 */

export const SETTINGS_FILE = "grapevine.json";

/**
 * Returns the settings of a folder, or makes those of a new one. Secrets in the environment count
 * where the folder has none.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 * @returns {{ settings: Settings, isNew: boolean }}
 */
export function prepareSettings(folder, environment) {
  const { GRAPEVINE_ADMIN_TOKEN: adminToken, GRAPEVINE_SECRET: secret } = environment;
  const stored = readSettings(folder);
  if (stored) {
    if (secret && secret !== stored.secret) {
      throw new UserError(
        `GRAPEVINE_SECRET is another one than that of ${join(folder, SETTINGS_FILE)}, which signed ` +
          "the ids of the " +
          "sites in this folder. Unset it, or name another folder with --data.",
      );
    }
    return { settings: { ...stored, adminToken: adminToken || stored.adminToken }, isNew: false };
  }
  if (!secret && hasDatabases(folder)) {
    throw new UserError(
      `${folder} has data of a collector, but no ${SETTINGS_FILE}. Set GRAPEVINE_SECRET to the ` +
        "secret that signed the " +
        "ids of its sites, or name another folder with --data.",
    );
  }
  const settings = { adminToken: adminToken || randomToken(), secret: secret || randomToken() };
  storeSettings(folder, settings);
  return { settings, isNew: true };
}

/**
 * Stores the settings for the next start.
 * @param {string} folder
 * @param {Settings} settings
 */
export function storeSettings(folder, settings) {
  const path = join(folder, SETTINGS_FILE);
  const beside = `${path}.new`;
  rmSync(beside, { force: true });
  const file = openSync(beside, "wx", 0o600);
  try {
    writeSync(file, `${JSON.stringify(settings, undefined, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}

/**
 * Copies the settings of a folder into another; returns whether there were any.
 * @param {string} from
 * @param {string} to
 */
export function copySettings(from, to) {
  const settings = readSettings(from);
  if (settings) storeSettings(to, settings);
  return settings !== undefined;
}

/**
 * Returns the settings of a folder, if it has any.
 * @param {string} folder
 * @returns {Settings | undefined}
 */
export function readSettings(folder) {
  const path = join(folder, SETTINGS_FILE);
  if (!existsSync(path)) return undefined;
  try {
    const settings = JSON.parse(readFileSync(path, "utf8"));
    if (typeof settings.adminToken === "string" && typeof settings.secret === "string") return settings;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw new UserError(`${path} cannot be read: ${error.message}`);
  }
  throw new UserError(
    `${path} is damaged. Take it from a backup: its secret signed the ids of the sites in this folder.`,
  );
}

/** @param {string} folder */
function hasDatabases(folder) {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.some(({ name }) => readdirSync(join(folder, name)).some((file) => file.endsWith(".sqlite")));
}

const randomToken = () => randomBytes(32).toString("hex");

// Databases in the data folder of a collector on one machine.
//
// workerd has a folder for each class of objects, with a database for each object, named by the
// object's id, and `metadata.sqlite` with the alarms of all of them. The databases are in WAL mode,
// so a file by itself is not whole.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { makeFolder } from "./make_folder.js";
import { UserError } from "./user_error.js";

/** Database of the alarms, beside those of the objects. */
export const ALARMS = "metadata.sqlite";
/** Milliseconds to wait for a lock of SQLite. */
export const BUSY_MS = 10_000;

/**
 * Returns the databases of a folder as `CLASS/NAME.sqlite`, those of alarms last.
 * @param {string} folder
 * @returns {string[]}
 */
export function databases(folder) {
  if (!existsSync(folder)) throw new UserError(`There is no folder ${folder}.`);
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(folder, name))
        .filter((file) => file.endsWith(".sqlite"))
        .map((file) => `${name}/${file}`),
    );
  if (found.length === 0) throw new UserError(`${folder} has no data of a collector.`);
  const isAlarms = (/** @type {string} */ name) => Number(name.endsWith(`/${ALARMS}`));
  return found.sort((one, other) => isAlarms(one) - isAlarms(other) || one.localeCompare(other));
}

/**
 * Creates a folder, or takes an empty one.
 * @param {string} folder
 */
export function createEmpty(folder) {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UserError(`${folder} is not empty. Name a new folder; nothing is ever overwritten.`);
  }
  makeFolder(folder);
}

/**
 * Opens a database and calls back with it.
 * @template T
 * @param {string} path
 * @param {{ readOnly?: boolean }} options
 * @param {(database: DatabaseSync) => T} use
 * @returns {T}
 */
export function withDatabase(path, options, use) {
  const database = new DatabaseSync(path, { ...options, timeout: BUSY_MS });
  try {
    return use(database);
  } finally {
    database.close();
  }
}

/**
 * Checks that a database is whole.
 * @param {string} path
 * @param {string} name for the message
 */
export function check(path, name) {
  let problem;
  try {
    const first = withDatabase(
      path,
      {},
      (database) => Object.values(database.prepare("PRAGMA integrity_check(1)").get() ?? {})[0],
    );
    problem = first === "ok" ? undefined : first;
  } catch (error) {
    problem = error.message;
  }
  if (problem) throw new UserError(`${name} is damaged: ${problem}. Use another backup.`);
}

/**
 * Returns how many rows a database of a site has in its responses; nothing for one without.
 * @param {DatabaseSync} database
 * @returns {number | undefined}
 */
export function countResponses(database) {
  const exists = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'response'")
    .get();
  return exists && Number(database.prepare("SELECT count(*) AS count FROM response").get()?.count);
}

/** @param {number} bytes */
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** @param {string} path */
export const size = (path) => statSync(path).size;

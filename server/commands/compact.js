// Compaction of a data folder whose collector is stopped.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { databases, megabytes, size, withDatabase } from "../data_folder.js";
import { lock } from "../lock.js";
import { UserError } from "../user_error.js";

/** Codes of SQLite for a file that somebody else has open: busy and locked. */
const SQLITE_BUSY = [5, 6];

/**
 * Rewrites each database, and empties its log. Erased texts may be in unused pages and in the log
 * until then.
 * @param {string} data
 * @param {(line: string) => void} print
 */
export function compact(data, print) {
  const names = databases(data);
  const held = lock(data);
  try {
    const total = { before: 0, after: 0 };
    for (const name of names) {
      const path = join(data, name);
      const before = diskSize(path);
      withDatabase(path, {}, (database) => rewrite(database, name));
      total.before += before;
      total.after += diskSize(path);
      print(`${name}  ${megabytes(before)} -> ${megabytes(diskSize(path))}`);
    }
    print(`Compacted ${names.length} files from ${megabytes(total.before)} to ${megabytes(total.after)}.`);
  } finally {
    held.release();
  }
}

/**
 * Rewrites a database, alone with it: a collector that was started without a lock file is noticed.
 * @param {import("node:sqlite").DatabaseSync} database
 * @param {string} name for the message
 */
function rewrite(database, name) {
  const inUse = new UserError(
    `${name} is in use. Stop the collector first; nothing of this file was changed.`,
  );
  try {
    // Leaving WAL mode empties the log and wants the file alone.
    const { journal_mode: mode } = /** @type {any} */ (
      database.prepare("PRAGMA journal_mode = DELETE").get()
    );
    if (mode !== "delete") throw inUse;
  } catch (error) {
    throw SQLITE_BUSY.includes(error.errcode) ? inUse : error;
  }
  // Words of erased comments leave the index when its parts are merged.
  if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'words'").get()) {
    database.exec("INSERT INTO words (words) VALUES ('optimize')");
  }
  // What is freed by this is overwritten.
  database.exec("PRAGMA secure_delete = ON; VACUUM; PRAGMA journal_mode = WAL;");
}

/** @param {string} path */
const diskSize = (path) =>
  [path, `${path}-wal`, `${path}-shm`].filter(existsSync).reduce((sum, file) => sum + size(file), 0);

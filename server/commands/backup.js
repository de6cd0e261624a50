// Backup of a data folder while its collector runs.

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync, backup as copyDatabase } from "node:sqlite";

import {
  ALARMS,
  BUSY_MS,
  check,
  countResponses,
  createEmpty,
  databases,
  megabytes,
  size,
  withDatabase,
} from "../data_folder.js";
import { copySettings } from "../settings.js";

/** All pages in one step: of more steps, all begin anew after each write of the collector. */
const ALL_PAGES = 0x7fffffff;

/**
 * Copies a data folder by SQLite's online backup, a site at a time, and checks each copy.
 *
 * A site whose alarm runs at this moment has none in the database of alarms. So that is read first
 * and copied last, and the copy has the alarms of both.
 * @param {string} data
 * @param {string} target
 * @param {(line: string) => void} print
 */
export async function backup(data, target, print) {
  const names = databases(data);
  createEmpty(target);
  const alarms = new Map();
  for (const name of names.filter((it) => it.endsWith(`/${ALARMS}`))) {
    alarms.set(name, withDatabase(join(data, name), { readOnly: true }, readAlarms));
  }
  const total = { bytes: 0, responses: 0, sites: 0 };
  for (const name of names) {
    const path = join(target, name);
    mkdirSync(dirname(path), { recursive: true });
    await copy(join(data, name), path);
    withDatabase(path, {}, (database) => addAlarms(database, alarms.get(name) ?? []));
    check(path, name);
    const responses = withDatabase(path, { readOnly: true }, countResponses);
    total.bytes += size(path);
    total.responses += responses ?? 0;
    total.sites += Number(responses !== undefined);
    print(`${name}  ${megabytes(size(path))}${responses === undefined ? "" : `, ${responses} responses`}`);
  }
  copySettings(data, target);
  print(
    `Copied ${total.sites} sites with ${total.responses} responses, ${megabytes(total.bytes)}, into ` +
      `${target}.`,
  );
}

/**
 * Copies a database as it is at one moment, with what is still in its log.
 * @param {string} from
 * @param {string} to
 */
async function copy(from, to) {
  const source = new DatabaseSync(from, { readOnly: true, timeout: BUSY_MS });
  try {
    await copyDatabase(source, to, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
}

/**
 * Reads the alarms; their times are nanoseconds, beyond the whole numbers of JavaScript.
 * @param {DatabaseSync} database
 */
function readAlarms(database) {
  const alarms = database.prepare("SELECT * FROM _cf_ALARM");
  alarms.setReadBigInts(true);
  return alarms.all();
}

/**
 * @param {DatabaseSync} database
 * @param {Record<string, import("node:sqlite").SQLInputValue>[]} alarms
 */
function addAlarms(database, alarms) {
  for (const alarm of alarms) {
    const columns = Object.keys(alarm);
    const values = columns.map(() => "?").join(", ");
    const insert = `INSERT OR IGNORE INTO _cf_ALARM (${columns.join(", ")}) VALUES (${values})`;
    database.prepare(insert).run(...Object.values(alarm));
  }
}

// A data folder from a backup.

import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  check,
  countResponses,
  createEmpty,
  databases,
  megabytes,
  size,
  withDatabase,
} from "../data_folder.js";
import { copySettings } from "../settings.js";

/**
 * Copies a backup into a new data folder. Every file is checked before the first is copied, and
 * each copy again, so a damaged backup leaves no folder behind that looks whole.
 * @param {string} copy
 * @param {string} data
 * @param {(line: string) => void} print
 */
export function restore(copy, data, print) {
  const names = databases(copy);
  for (const name of names) check(join(copy, name), name);
  createEmpty(data);
  const total = { bytes: 0, responses: 0, sites: 0 };
  for (const name of names) {
    const path = join(data, name);
    mkdirSync(dirname(path), { recursive: true });
    cpSync(join(copy, name), path);
    check(path, name);
    const responses = withDatabase(path, { readOnly: true }, countResponses);
    total.bytes += size(path);
    total.responses += responses ?? 0;
    total.sites += Number(responses !== undefined);
  }
  print(
    `Restored ${total.sites} sites with ${total.responses} responses, ${megabytes(total.bytes)}, ` +
      `into ${data}.`,
  );
  if (!copySettings(copy, data)) {
    print("Start the collector with this folder and the GRAPEVINE_SECRET that signed the ids of its sites.");
  }
}

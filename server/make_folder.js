// Creation of folders.

import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { UserError } from "./user_error.js";

/**
 * Creates a folder with those above it, which only this user may read, unless it is there. Node's
 * own `recursive` never returns where the system refuses one with ENOENT, as below `/proc`.
 * @param {string} path
 */
export function makeFolder(path) {
  const missing = [];
  for (let folder = resolve(path); !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  try {
    for (const folder of missing) mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    throw new UserError(`The folder ${path} cannot be created: ${error.message}. Name another.`);
  }
  if (!statSync(path).isDirectory()) throw new UserError(`${path} is a file. Name a folder.`);
}

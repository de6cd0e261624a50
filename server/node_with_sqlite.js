// A Node that has SQLite, for the commands that read the files of a collector.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { isOlder } from "./system.js";
import { UserError } from "./user_error.js";

/** Oldest version with what the commands need of SQLite. */
const OLDEST = "22.16";
/** Version that npx brings where the machine's is older. */
const FROM_NPM = "node@22.23.3";

export const hasSqlite = () => !isOlder(process.versions.node, OLDEST);

/**
 * Runs this program again with a Node from npm, and returns its exit code.
 * @param {string[]} args
 */
export function runWithSqlite(args) {
  process.stderr.write(
    `This is Node ${process.versions.node}, which has no SQLite. Running the command with ${FROM_NPM} by npx, ` +
      "which downloads it the first time, 185 MB unpacked.\n",
  );
  const main = fileURLToPath(new URL("main.js", import.meta.url));
  const npx = ["--yes", `--package=${FROM_NPM}`, "--", "node", main, ...args];
  const { status, error } = spawnSync("npx", npx, { stdio: "inherit", shell: process.platform === "win32" });
  if (error) throw new UserError(`npx cannot be started: ${error.message}. Use Node ${OLDEST} or newer.`);
  return status ?? 1;
}

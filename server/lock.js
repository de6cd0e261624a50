// Lock file of a data folder, so that no two collectors write to it.
//
// Each of its lines is the id of a process that uses the folder: the program that started the
// collector, and workerd, which may outlive that program. A process that has ended holds nothing,
// however it ended. `xtask/src/data_lock.rs` reads and writes the same file.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { UserError } from "./user_error.js";

const FILE = "grapevine.lock";
/** Programs that use a data folder: the collector, and what starts it or reads its files. */
const PROGRAMS = /workerd|node/;

/**
 * Takes the lock of a folder for this process.
 * @param {string} folder
 */
export function lock(folder) {
  const path = join(folder, FILE);
  const holder = holderOf(folder);
  if (holder) {
    throw new UserError(
      `${folder} is used by the process ${holder.pid} (${holder.program}). Two programs on the same ` +
        "data would overwrite " +
        "each other: stop that one first, or name another folder.",
    );
  }
  try {
    rmSync(path, { force: true });
    writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw new UserError(`${path} cannot be written: ${error.message}`);
    throw new UserError(`Another program begins to use ${folder} at this moment.`);
  }
  return {
    /**
     * Shares the lock with a process that was started.
     * @param {number} pid
     */
    share: (pid) => writeFileSync(path, `${process.pid}\n${pid}\n`),
    /** Gives the lock up, unless another process has taken it since. */
    release: () => {
      if (pids(path)[0] === process.pid) rmSync(path, { force: true });
    },
  };
}

/**
 * Returns the process that uses a folder by its lock; nothing where all have ended.
 * @param {string} folder
 * @returns {{ pid: number, program: string } | undefined}
 */
export function holderOf(folder) {
  return pids(join(folder, FILE))
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, program: programOf(pid) }))
    .find(({ program }) => PROGRAMS.test(program));
}

/**
 * @param {string} path
 * @returns {number[]}
 */
function pids(path) {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.map((line) => Number.parseInt(line, 10)).filter((pid) => pid > 0);
}

/**
 * Returns the program of a process, which may be another one's by now; nothing for none. A
 * container often has no `ps`.
 * @param {number} pid
 */
function programOf(pid) {
  let line = "";
  if (existsSync("/proc/self/cmdline")) {
    try {
      line = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0];
    } catch {
      // It has ended.
    }
  } else {
    line = spawnSync("ps", ["-p", String(pid), "-o", "comm="], { encoding: "utf8" }).stdout ?? "";
  }
  return basename(line.trim());
}

// Lock file of a data folder, so that no two collectors write to it.
//
// Each of its lines is the id of a process that uses the folder: the program that started the
// collector, and workerd, which may outlive that program. A process that has ended holds nothing,
// however it ended. `xtask/src/data_lock.rs` reads and writes the same file.
//
// A file that no running process holds is never removed but replaced, and only by the process
// that has the lock file `grapevine.lock.next`, which is taken in the same way. So no two processes
// replace it at once.

import { spawnSync } from "node:child_process";
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
  let isTaken;
  try {
    isTaken = take(path);
  } catch (error) {
    throw new UserError(`${path} cannot be written: ${error.message}`);
  }
  if (!isTaken) {
    const holder = holderOf(folder);
    if (!holder) throw new UserError(`Another program begins to use ${folder} at this moment. Try again.`);
    throw new UserError(
      `${folder} is used by the process ${holder.pid} (${holder.program}). Two programs on the same ` +
        "data would overwrite " +
        "each other: stop that one first, or name another folder.",
    );
  }
  return {
    /**
     * Shares the lock with a process that was started.
     * @param {number} pid
     */
    share: (pid) => renameSync(writeBeside(path, `${process.pid}\n${pid}\n`), path),
    /** Gives the lock up, unless another process has taken it since. */
    release: () => {
      if (pids(read(path))[0] === process.pid) rmSync(path, { force: true });
    },
  };
}

/**
 * Takes a lock file for this process, and returns whether it has it.
 * @param {string} path
 * @returns {boolean}
 */
function take(path) {
  if (create(path)) return true;
  const next = `${path}.next`;
  if (!isLeft(path) || !take(next)) return false;
  try {
    // Another process may have replaced it before this one had `next`.
    if (!isLeft(path)) return false;
    renameSync(writeBeside(path, `${process.pid}\n`), path);
    return true;
  } finally {
    rmSync(next, { force: true });
  }
}

/**
 * Creates a lock file, and returns whether there was none. By a link it has its text from the first
 * moment; a copy is for file systems without links.
 * @param {string} path
 */
function create(path) {
  const beside = writeBeside(path, `${process.pid}\n`);
  try {
    try {
      linkSync(beside, path);
    } catch (error) {
      if (error.code === "EEXIST") return false;
      copyFileSync(beside, path, constants.COPYFILE_EXCL);
    }
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/**
 * Writes a file of this process beside another, to be put into its place. Returns its path.
 * @param {string} path
 * @param {string} text
 */
function writeBeside(path, text) {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text);
  return beside;
}

/**
 * Whether there is a lock file whose processes have ended.
 * @param {string} path
 */
function isLeft(path) {
  const text = read(path);
  return text !== undefined && !holderIn(text);
}

/**
 * Returns the process that uses a folder by its lock; nothing where all have ended.
 * @param {string} folder
 * @returns {{ pid: number, program: string } | undefined}
 */
export function holderOf(folder) {
  return holderIn(read(join(folder, FILE)));
}

/** @param {string | undefined} text Text of a lock file, if there is any. */
function holderIn(text) {
  return pids(text)
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, program: programOf(pid) }))
    .find(({ program }) => PROGRAMS.test(program));
}

/** @param {string | undefined} text */
function pids(text = "") {
  const lines = text.split("\n");
  return lines.map((line) => Number.parseInt(line, 10)).filter((pid) => pid > 0);
}

/**
 * Returns the text of a lock file; nothing where there is none.
 * @param {string} path
 */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(error.code)) return undefined;
    throw error;
  }
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

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { lock, holderOf } from "./lock.js";

/** @param {(folder: string, path: string) => Promise<void>} use */
const inFolder = async (use) => {
  const folder = mkdtempSync(join(tmpdir(), "grapevine-lock-"));
  try {
    await use(folder, join(folder, "grapevine.lock"));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("a process that runs holds the folder, in any line", () =>
  inFolder(async (folder, path) => {
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"]);
    await new Promise((spawned) => other.once("spawn", spawned));
    try {
      for (const lines of [`${other.pid}\n`, `999999999\n${other.pid}\n`]) {
        writeFileSync(path, lines);
        assert.deepEqual(holderOf(folder), { pid: other.pid, program: "node" });
        assert.throws(() => lock(folder), new RegExp(`used by the process ${other.pid} \\(node\\)`));
      }
    } finally {
      other.kill("SIGKILL");
    }
    await new Promise((exited) => other.once("exit", exited));
    assert.equal(holderOf(folder), undefined);
    lock(folder).release();
  }));

test("a process that has ended, and a process of another program, hold nothing", () =>
  inFolder(async (folder, path) => {
    const other = spawn("sleep", ["600"]);
    await new Promise((spawned) => other.once("spawn", spawned));
    for (const text of ["999999999\n", `${other.pid}\n`, "", "nonsense\n"]) {
      writeFileSync(path, text);
      const held = lock(folder);
      held.share(999_999_998);
      assert.equal(readFileSync(path, "utf8"), `${process.pid}\n999999998\n`);
      held.release();
      assert.equal(existsSync(path), false);
    }
    other.kill("SIGKILL");
  }));

test("a lock that another process has taken since is left alone", () =>
  inFolder(async (folder, path) => {
    const held = lock(folder);
    writeFileSync(path, "999999999\n");
    held.release();
    assert.equal(existsSync(path), true);
  }));

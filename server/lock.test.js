import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

/** Takes the lock again and again, and gives it up or leaves it as a process that was killed. */
const CONTENDER = `
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { lock } from ${JSON.stringify(new URL("lock.js", import.meta.url).href)};
const [folder, path, inUse] = process.argv.slice(1);
const end = Date.now() + 2_000;
let count = 0;
while (Date.now() < end) {
  let held;
  try {
    held = lock(folder);
  } catch (error) {
    if (!/is used by|begins to use/.test(error.message)) throw error;
    continue;
  }
  writeFileSync(inUse, "", { flag: "wx" });
  rmSync(inUse);
  if (count++ % 2) {
    held.release();
    continue;
  }
  writeFileSync(inUse + process.pid, "999999999\\n");
  renameSync(inUse + process.pid, path);
}
process.stdout.write(String(count));
`;

test("of several processes that contend for a folder a single one has it at a time", () =>
  inFolder(async (folder, path) => {
    const node = ["--input-type=module", "--eval", CONTENDER, folder, path, join(folder, "in-use")];
    const contenders = Array.from({ length: 4 }, () => spawn(process.execPath, node));
    const outcomes = contenders.map(async (it) => {
      let printed = "";
      for (const output of [it.stdout, it.stderr]) output.on("data", (text) => (printed += text));
      const [code] = await once(it, "exit");
      assert.equal(code, 0, printed);
      return Number(printed);
    });
    const counts = await Promise.all(outcomes);
    assert.ok(Math.min(...counts) > 0, String(counts));
    rmSync(path, { force: true });
    assert.deepEqual(readdirSync(folder), []);
  }));

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("main.js", import.meta.url));

test("a reader that stops is no failure", async () => {
  const folder = mkdtempSync(join(tmpdir(), "grapevine-command-line-"));
  try {
    const site = { id: "a", owner: "o", read: "r" };
    writeFileSync(join(folder, "grapevine.json"), JSON.stringify({ adminToken: "t", secret: "s", site }));
    const child = spawn(process.execPath, [PROGRAM, "env", "--data", folder]);
    child.stdout.destroy();
    let errors = "";
    child.stderr.on("data", (text) => (errors += text));
    const [code] = await once(child, "close");
    assert.deepEqual([code, errors], [0, ""]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

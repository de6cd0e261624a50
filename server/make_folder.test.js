import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { makeFolder } from "./make_folder.js";

test("a folder is created with those above it, once, for this user", (context) => {
  const base = mkdtempSync(join(tmpdir(), "grapevine-test-"));
  context.after(() => rmSync(base, { recursive: true }));
  const folder = join(base, "a", "b");
  makeFolder(folder);
  makeFolder(folder);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  writeFileSync(join(base, "file"), "");
  assert.throws(() => makeFolder(join(base, "file")), /is a file/);
  assert.throws(() => makeFolder(join(base, "file", "c")), /cannot be created/);
});

test("a folder that the system refuses is reported at once", { skip: process.platform !== "linux" }, () => {
  assert.throws(() => makeFolder("/proc/nope/data"), /cannot be created.*Name another/);
});

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { SETTINGS_FILE, copySettings, prepareSettings, storeSettings } from "./settings.js";

/** @param {(folder: string) => void} use */
const inFolder = (use) => {
  const folder = mkdtempSync(join(tmpdir(), "grapevine-settings-"));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test("secrets are made once, and are their owner's alone", () =>
  inFolder((folder) => {
    const { settings, isNew } = prepareSettings(folder, {});
    assert.match(settings.adminToken, /^[0-9a-f]{64}$/);
    assert.notEqual(settings.adminToken, settings.secret);
    assert.equal(isNew, true);
    assert.deepEqual(prepareSettings(folder, {}), { settings, isNew: false });
    assert.equal(statSync(join(folder, SETTINGS_FILE)).mode & 0o777, 0o600);
  }));

test("secrets of the environment count, and another admin token replaces the first", () =>
  inFolder((folder) => {
    const first = { GRAPEVINE_ADMIN_TOKEN: "a".repeat(32), GRAPEVINE_SECRET: "s".repeat(32) };
    assert.equal(prepareSettings(folder, first).settings.secret, first.GRAPEVINE_SECRET);
    const { settings } = prepareSettings(folder, { GRAPEVINE_ADMIN_TOKEN: "b".repeat(32) });
    assert.deepEqual([settings.adminToken, settings.secret], ["b".repeat(32), first.GRAPEVINE_SECRET]);
    assert.throws(() => prepareSettings(folder, { GRAPEVINE_SECRET: "t".repeat(32) }), /is another one/);
  }));

test("settings are copied with their mode, and a folder without any has none to copy", () =>
  inFolder((folder) =>
    inFolder((other) => {
      assert.equal(copySettings(folder, other), false);
      storeSettings(folder, { adminToken: "a", secret: "s", site: { id: "i", owner: "o", read: "r" } });
      assert.equal(copySettings(folder, other), true);
      const [from, to] = [folder, other].map((it) => join(it, SETTINGS_FILE));
      assert.equal(readFileSync(to, "utf8"), readFileSync(from, "utf8"));
      assert.equal(statSync(to).mode & 0o777, 0o600);
      writeFileSync(from, "{}");
      assert.throws(() => prepareSettings(folder, {}), /is damaged/);
    }),
  ));

import assert from "node:assert/strict";
import { test } from "node:test";

import { isOlder, machine, unsupported } from "./system.js";

const MACHINE = { node: "20.11.0", platform: "linux", arch: "x64", glibc: "2.36" };

test("this machine and the usual ones are supported", () => {
  assert.equal(unsupported(machine()), undefined);
  assert.equal(unsupported(MACHINE), undefined);
  assert.equal(unsupported({ ...MACHINE, arch: "arm64", glibc: "2.35" }), undefined);
  assert.equal(unsupported({ ...MACHINE, platform: "darwin", arch: "arm64", glibc: undefined }), undefined);
});

test("what is unsupported is named with what to use instead", () => {
  assert.match(unsupported({ ...MACHINE, node: "18.20.4" }) ?? "", /Node 18\.20\.4.*Node 20 or newer/);
  assert.match(unsupported({ ...MACHINE, glibc: undefined }) ?? "", /musl.*node:22-slim/s);
  assert.match(unsupported({ ...MACHINE, glibc: "2.31" }) ?? "", /glibc 2\.31.*2\.35.*Debian 12/s);
  assert.match(unsupported({ ...MACHINE, arch: "riscv64" }) ?? "", /riscv64/);
});

test("versions are compared as numbers", () => {
  assert.equal(isOlder("22.9.0", "22.16"), true);
  assert.equal(isOlder("22.16.0", "22.16"), false);
  assert.equal(isOlder("24.0.1", "22.16"), false);
  assert.equal(isOlder("2.4", "2.35"), true);
});

// Checks of this machine: Node, the system, workerd, limits.

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hasSqlite } from "../node_with_sqlite.js";
import { machine } from "../system.js";
import { collectorUrl, startWorkerd } from "../workerd.js";

/** @typedef {import("../commands/doctor.js").Check} Check */

/** Each connection takes a file descriptor, each site a few. */
const FEW_DESCRIPTORS = 4_096;
const TOKEN = randomBytes(32).toString("hex");

/** @type {Check} */
export function checkNode() {
  const node = `Node ${process.versions.node}`;
  if (hasSqlite()) return { state: "ok", text: node };
  const text =
    `${node} has no SQLite, so backup, restore and compact download a newer one. Node ` + "22.16 has it.";
  return { state: "warning", text };
}

/** A system that is not supported never gets here. @type {Check} */
export function checkSystem() {
  const { platform, arch, glibc } = machine();
  return { state: "ok", text: `${platform} on ${arch}${glibc ? ` with glibc ${glibc}` : ""}` };
}

/** Starts a collector with a folder of its own, and writes to it. @type {Check} */
export async function checkWorkerd({ signal }) {
  let data = "";
  try {
    data = mkdtempSync(join(tmpdir(), "grapevine-doctor-"));
  } catch (error) {
    const advice = "Set TMPDIR to a folder that can.";
    return { state: "problem", text: `${tmpdir()} cannot be written: ${error.message}. ${advice}` };
  }
  const begun = performance.now();
  try {
    const options = { host: "127.0.0.1", port: 0, data, adminToken: TOKEN, secret: TOKEN };
    const workerd = await startWorkerd(options, () => {}, signal);
    try {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const url = `${collectorUrl("127.0.0.1", workerd.port)}/readyz`;
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(15_000) });
      if (!response.ok)
        return { state: "problem", text: `workerd cannot write to ${tmpdir()}: ${await response.text()}` };
    } finally {
      await workerd.stop();
    }
    return { state: "ok", text: `workerd starts and writes, in ${Math.round(performance.now() - begun)} ms` };
  } catch (error) {
    return { state: "problem", text: `workerd does not start: ${error.message}` };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** @type {Check} */
export function checkDescriptors() {
  const limit = descriptors();
  const text = `${limit === Infinity ? "Unlimited" : limit} file descriptors`;
  if (!(limit < FEW_DESCRIPTORS)) return { state: "ok", text };
  const advice =
    "With LimitNOFILE=65536 in its service, or `ulimit -n 65536` in the shell, a busy collector runs " +
    "out of none.";
  return { state: "warning", text: `${text} are few. ${advice}` };
}

/** Returns how many a process may have open; Node sets its own limit, and that of workerd, to the highest. */
function descriptors() {
  const file = "/proc/self/limits";
  const found = existsSync(file)
    ? /^Max open files\s+(\S+)/m.exec(readFileSync(file, "utf8"))?.[1]
    : spawnSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).stdout?.trim();
  return found === "unlimited" ? Infinity : Number(found);
}

// A process of workerd that runs the collector.

import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { UserError } from "./user_error.js";

const LOG = "workerd.log";
/** Size from which a start puts the log aside, and begins a new one. */
const LOG_BYTES = 10_000_000;
const LOG_LINES = 10;
/** Milliseconds until a new process has to respond. */
const START_MS = 30_000;
/** Milliseconds after which a process that was asked to end is killed. */
const END_MS = 3_000;

/**
 * @typedef {object} WorkerdOptions
 * @property {string} host
 * @property {number} port 0 for any free one
 * @property {string} data
 * @property {string} adminToken
 * @property {string} secret
 */

/**
 * @typedef {object} Workerd
 * @property {number} pid
 * @property {number} port
 * @property {Promise<string>} exited How it has ended, in words.
 * @property {() => Promise<void>} stop Ends it; what it acknowledged is on disk.
 */

/** Returns the folder with the build: in the package, or that of a checkout. */
export function distFolder() {
  const folders = ["dist/", "../dist/"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = folders.find((folder) => existsSync(join(folder, "workerd.capnp")));
  if (!found) throw new UserError(`${folders[1]} is missing. Build it with "cargo xtask build".`);
  return found;
}

/** Returns the path of workerd, which npm has installed beside this package. */
export function workerdBinary() {
  try {
    return /** @type {{ default: string }} */ (createRequire(import.meta.url)("workerd")).default;
  } catch (error) {
    throw new UserError(
      `workerd is not installed: ${error.message.split("\n")[0]}\nnpm installs it as an optional ` +
        "package, so leave out " +
        "--omit=optional and --no-optional.",
    );
  }
}

/**
 * Starts a collector and waits until it responds.
 * @param {WorkerdOptions} options
 * @param {(pid: number) => void} started Called as soon as the process has an id.
 * @param {AbortSignal} signal Ends the process, at its start or later.
 * @returns {Promise<Workerd>}
 */
export async function startWorkerd({ host, port, data, adminToken, secret }, started, signal) {
  signal.throwIfAborted();
  const log = openLog(data);
  const child = spawn(
    workerdBinary(),
    [
      "serve",
      "--control-fd=3",
      `--socket-addr=http=${authority(host, port)}`,
      `--directory-path=data=${resolve(data)}`,
      join(distFolder(), "workerd.capnp"),
    ],
    {
      stdio: ["ignore", log, log, "pipe"],
      env: { ...process.env, GRAPEVINE_ADMIN_TOKEN: adminToken, GRAPEVINE_SECRET: secret },
      // Ctrl-C reaches this program alone, which then ends workerd.
      detached: true,
    },
  );
  closeSync(log);
  /** @type {Promise<string>} */
  const exited = new Promise((ended) => {
    child.on("exit", (code, signal) => ended(signal ? `signal ${signal}` : `exit code ${code}`));
    child.on("error", (error) => ended(error.message));
  });
  const kill = () => void child.kill("SIGKILL");
  const stop = async () => {
    child.kill("SIGTERM");
    await Promise.race([exited, sleep(END_MS, undefined, { ref: false })]);
    kill();
    await exited;
  };
  process.on("exit", kill);
  signal.addEventListener("abort", stop);
  exited.then(() => {
    process.off("exit", kill);
    signal.removeEventListener("abort", stop);
  });
  // Whatever waits for a process that hangs goes on once that is killed.
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    kill();
  }, START_MS);
  try {
    if (child.pid) started(child.pid);
    const reportedPort = await Promise.race([
      listening(/** @type {any} */ (child.stdio[3])),
      exited.then(() => undefined),
    ]);
    const actualPort = reportedPort ?? port;
    await untilUp(collectorUrl(host, actualPort), exited, data);
    return { pid: child.pid ?? 0, port: actualPort, exited, stop };
  } catch (error) {
    await stop();
    throw isLate ? new UserError(`The collector does not respond; ${logEnd(data)}`) : error;
  } finally {
    clearTimeout(late);
  }
}

/**
 * Returns the URL at which this machine reaches the collector, without a slash at the end.
 * @param {string} host
 * @param {number} port
 */
export function collectorUrl(host, port) {
  const here = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return `http://${authority(here, port)}`;
}

/**
 * @param {string} host
 * @param {number} port
 */
const authority = (host, port) => `${host.includes(":") ? `[${host}]` : host}:${port}`;

/**
 * Returns the end of the log of a collector, to be shown after a reason.
 * @param {string} data
 */
export function logEnd(data) {
  const path = join(data, LOG);
  const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n").slice(-LOG_LINES) : [];
  return lines.join("") ? `${path} ends with:\n  ${lines.join("\n  ")}` : `${path} is empty`;
}

/** @param {string} data */
function openLog(data) {
  const path = join(data, LOG);
  if (existsSync(path) && statSync(path).size > LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}

/**
 * Returns the port that workerd reports; nothing where it ends before that.
 * @param {NodeJS.ReadableStream} control
 * @returns {Promise<number | undefined>}
 */
async function listening(control) {
  for await (const line of createInterface({ input: control })) {
    const event = JSON.parse(line);
    if (event.event === "listen" && event.socket === "http") {
      control.resume();
      return event.port;
    }
  }
  return undefined;
}

/**
 * Waits until a collector responds. Fails where its process ends before that.
 * @param {string} url
 * @param {Promise<string>} exited
 * @param {string} data
 */
async function untilUp(url, exited, data) {
  let end = "";
  exited.then((how) => (end = how));
  while (true) {
    const response = await fetch(`${url}/healthz`).catch(() => undefined);
    const text = await response?.text();
    if (response?.ok) return;
    if (response?.status === 503)
      throw new UserError(`The collector is up but cannot work: ${JSON.parse(text ?? "").detail}`);
    if (end) throw new UserError(`workerd has ended with ${end}; ${logEnd(data)}`);
    await sleep(10);
  }
}

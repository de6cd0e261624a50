// wrangler, the program of Cloudflare, which npx brings.

import { spawn } from "node:child_process";

import { UserError } from "./user_error.js";

/** Version that the tests run. Newer ones need a newer Node. */
export const WRANGLER = "wrangler@4.86.0";

/**
 * Runs wrangler on this terminal, which passes Ctrl-C on to it.
 * @param {string[]} args
 * @param {AbortSignal} signal Ends npx, and rejects.
 */
export async function wrangler(args, signal) {
  const { succeeded } = await run(args, signal, false);
  if (!succeeded) throw new UserError("wrangler has failed; what it printed above says why.");
}

/**
 * Returns whether a Worker exists and has a secret. wrangler may have the user log in for it.
 * @param {{ config: string, worker: string, secret: string }} wanted `config` is the path of a
 *   configuration of wrangler.
 * @param {AbortSignal} signal
 */
export async function hasSecret({ config, worker, secret }, signal) {
  const args = ["secret", "list", "--config", config, "--name", worker];
  let listed = await run(args, signal, true);
  // Where its output is read, it does not ask for a login by itself.
  const needsLogin = !listed.succeeded && listed.printed.includes("CLOUDFLARE_API_TOKEN");
  if (needsLogin && process.stdin.isTTY && process.stdout.isTTY) {
    await wrangler(["login"], signal);
    listed = await run(args, signal, true);
  }
  if (listed.succeeded) return listed.printed.includes(`"${secret}"`);
  if (listed.printed.includes(`"${worker}" not found`)) return false;
  throw new UserError(
    `It is unknown whether the Worker \`${worker}\` has a ${secret}, so nothing was uploaded. wrangler ` +
      `says:\n${listed.printed.trim()}\n` +
      `Log in with "npx ${WRANGLER} login", or set CLOUDFLARE_API_TOKEN; set CLOUDFLARE_ACCOUNT_ID ` +
      "where you have several accounts.",
  );
}

/**
 * @param {string[]} args
 * @param {AbortSignal} signal
 * @param {boolean} isRead Whether its output is returned, and not printed.
 * @returns {Promise<{ succeeded: boolean, printed: string }>}
 */
function run(args, signal, isRead) {
  return new Promise((done, fail) => {
    const stopped = new UserError("The deployment was stopped.");
    if (signal.aborted) return fail(stopped);
    // This program may itself run by npx, which passes its own --package on.
    const npx = spawn("npx", ["--yes", `--package=${WRANGLER}`, "--", "wrangler", ...args], {
      stdio: isRead ? ["ignore", "pipe", "pipe"] : "inherit",
      shell: process.platform === "win32",
      env: { WRANGLER_SEND_METRICS: "false", ...process.env },
    });
    let printed = "";
    for (const output of [npx.stdout, npx.stderr]) output?.on("data", (text) => (printed += text));
    const stop = () => void npx.kill();
    signal.addEventListener("abort", stop);
    npx.on("error", (error) =>
      fail(new UserError(`npx cannot be started: ${error.message}. It comes with Node.`)),
    );
    npx.on("close", (code) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) fail(stopped);
      else done({ succeeded: code === 0, printed });
    });
  });
}

// Deployment of the collector to Cloudflare, by wrangler.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeFolder } from "../make_folder.js";
import { SETTINGS_FILE, prepareSettings } from "../settings.js";
import { UserError } from "../user_error.js";
import { distFolder } from "../workerd.js";

/** Version that the tests run. Newer ones need a newer Node. */
const WRANGLER = "wrangler@4.86.0";

/**
 * Uploads the Worker with its secrets, those of the data folder: a site can move between this
 * machine and Cloudflare only where both sign ids with the same secret.
 * @param {{ name: string, data: string, isDryRun: boolean }} options
 * @param {(line: string) => void} print
 */
export async function deploy({ name, data, isDryRun }, print) {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    throw new UserError(
      `"${name}" is no name of a Worker. Use up to 63 lower-case letters, digits and hyphens with --name.`,
    );
  }
  // wrangler writes beside its configuration, and the package may be read-only.
  const folder = mkdtempSync(join(tmpdir(), "grapevine-deploy-"));
  try {
    cpSync(distFolder(), folder, { recursive: true });
    print(`Running ${WRANGLER} by npx, which downloads it the first time, 195 MB unpacked.`);
    const args = ["deploy", "--config", join(folder, "wrangler.jsonc"), "--name", name];
    if (isDryRun) {
      await wrangler([...args, "--dry-run", "--outdir", join(folder, "out")]);
      print(
        "Nothing was uploaded. Without --dry-run, wrangler asks you to log in to Cloudflare, and deploys.",
      );
      return;
    }
    makeFolder(data);
    const { settings, isNew } = prepareSettings(data, process.env);
    const secrets = { GRAPEVINE_ADMIN_TOKEN: settings.adminToken, GRAPEVINE_SECRET: settings.secret };
    writeFileSync(join(folder, "secrets.json"), JSON.stringify(secrets), { mode: 0o600 });
    await wrangler([...args, "--secrets-file", join(folder, "secrets.json")]);
    const lines = Object.entries(secrets).map(([variable, value]) => `  ${variable}=${value}`);
    print(
      `\nThe secrets are in ${join(data, SETTINGS_FILE)}: keep that ` +
        `file.${isNew ? " They are shown this once:" : ""}\n`,
    );
    if (isNew) print(`${lines.join("\n")}\n`);
    print(
      "Create a site with the address that wrangler has printed, and open that address for the " +
        "owner's page:\n",
    );
    print(
      `  curl -H "Authorization: Bearer $GRAPEVINE_ADMIN_TOKEN" https://HOST/v1/sites -d '{"name": ` +
        `"My site"}'\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs wrangler, which npx brings, on this terminal.
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function wrangler(args) {
  return new Promise((done, fail) => {
    // This program may itself run by npx, which passes its own --package on.
    const npx = spawn("npx", ["--yes", `--package=${WRANGLER}`, "--", "wrangler", ...args], {
      stdio: "inherit",
      shell: process.platform === "win32",
      env: { WRANGLER_SEND_METRICS: "false", ...process.env },
    });
    npx.on("error", (error) =>
      fail(new UserError(`npx cannot be started: ${error.message}. It comes with Node.`)),
    );
    npx.on("exit", (code) => {
      if (code === 0) done();
      else
        fail(new UserError("wrangler has failed; what it printed above says why. Nothing else was changed."));
    });
  });
}

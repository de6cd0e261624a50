// Deployment of the collector to Cloudflare, by wrangler.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { makeFolder } from "../make_folder.js";
import { SETTINGS_FILE, prepareSettings, readSettings, storeSettings } from "../settings.js";
import { stopSignal } from "../stop_signals.js";
import { UserError } from "../user_error.js";
import { distFolder } from "../workerd.js";
import { WRANGLER, hasSecret, wrangler } from "../wrangler.js";

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
  // However this program is stopped, the folder with the secrets is removed.
  const signal = stopSignal();
  // wrangler writes beside its configuration, and the package may be read-only.
  const folder = mkdtempSync(join(tmpdir(), "grapevine-deploy-"));
  try {
    cpSync(distFolder(), folder, { recursive: true });
    print(`Running ${WRANGLER} by npx, which downloads it the first time, 195 MB unpacked.`);
    const config = join(folder, "wrangler.jsonc");
    const args = ["deploy", "--config", config, "--name", name];
    if (isDryRun) {
      await wrangler([...args, "--dry-run", "--outdir", join(folder, "out")], signal);
      print(
        "Nothing was uploaded. Without --dry-run, wrangler asks you to log in to Cloudflare, and deploys.",
      );
      return;
    }
    const workers = readSettings(data)?.workers ?? [];
    const isKnown = workers.includes(name) || Boolean(process.env.GRAPEVINE_SECRET);
    if (!isKnown && (await hasSecret({ config, worker: name, secret: "GRAPEVINE_SECRET" }, signal))) {
      throw new UserError(
        `The Worker \`${name}\` has a GRAPEVINE_SECRET, and was not deployed from ${data}. Another secret ` +
          "would invalidate the ids and tags of its sites. Use --data with the folder of the first " +
          "deployment, set GRAPEVINE_SECRET to the secret that it has, or choose another --name.",
      );
    }
    makeFolder(data);
    const { settings, isNew } = prepareSettings(data, process.env);
    if (!workers.includes(name)) storeSettings(data, { ...settings, workers: [...workers, name] });
    const secrets = { GRAPEVINE_ADMIN_TOKEN: settings.adminToken, GRAPEVINE_SECRET: settings.secret };
    const path = join(data, SETTINGS_FILE);
    print(`The secrets are in ${path}: keep that file. The next deployment needs it.`);
    writeFileSync(join(folder, "secrets.json"), JSON.stringify(secrets), { mode: 0o600 });
    await wrangler([...args, "--secrets-file", join(folder, "secrets.json")], signal);
    // The log of a build server would keep them.
    if (isNew && process.stdout.isTTY) {
      const lines = Object.entries(secrets).map(([variable, value]) => `  ${variable}=${value}`);
      print(`\nThe secrets are shown this once:\n\n${lines.join("\n")}\n`);
    }
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

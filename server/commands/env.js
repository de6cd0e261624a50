// Variables for the examples of the documentation, as lines for a shell.

import { readSettings } from "../settings.js";
import { UserError } from "../user_error.js";
import { collectorUrl } from "../workerd.js";

/**
 * Prints the lines, from the settings of the data folder. The keys in them are as good as a login.
 * @param {{ host: string, port: number, data: string }} listenOptions
 * @param {(line: string) => void} print
 */
export function env({ host, port, data }, print) {
  const settings = readSettings(data);
  const site = settings?.site ?? settings?.sample;
  if (!settings || !site) {
    throw new UserError(`There is no site in ${data}. Run "grapevine start", or name its folder with --data.`);
  }
  const url = collectorUrl(host, port);
  print(`export HOST=${url} SITE=${site.id} OWNER_KEY=${site.owner} READ_KEY=${site.read}`);
  print(`export GRAPEVINE_ADMIN_TOKEN=${settings.adminToken}`);
}

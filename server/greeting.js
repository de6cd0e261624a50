// Text on the terminal once the collector runs.

/** @typedef {import("./settings.js").Settings} Settings */

/**
 * Returns the lines. The keys and secrets are in those of the first start, and only where they go
 * to a terminal: a journal or the log of a container would keep them.
 * @param {object} started
 * @param {string} started.url
 * @param {Settings} started.settings
 * @param {string} started.settingsPath
 * @param {Set<string>} started.newSites Ids of the sites that were just created.
 * @param {boolean} started.isNew Whether the secrets were just made.
 * @param {boolean} started.isOpen Whether other machines reach it without a proxy.
 * @param {boolean} started.isTerminal
 * @returns {string[]}
 */
export function greeting({ url, settings, settingsPath, newSites, isNew, isOpen, isTerminal }) {
  const { site, sample, adminToken, secret } = settings;
  const lines = ["", `  Grapevine is running at ${url}/`, ""];
  if (site) {
    lines.push("  Paste this tag into the pages of your site:", "");
    lines.push(`    <script async src="${url}/e/${site.id}.js"></script>`, "");
    lines.push("  The survey alone, to try it at once:", "", `    ${url}/s/${site.id}`, "");
    if (isTerminal && newSites.has(site.id)) lines.push(...ownerLines(url, site, ""));
  }
  if (sample && isTerminal && newSites.has(sample.id)) {
    lines.push("  A site with a year of sample responses:", "");
    lines.push(...ownerLines(url, sample, "?range=all"));
  }
  if (isNew && isTerminal) {
    lines.push(`  Secrets, which are shown this once and kept in ${settingsPath}:`, "");
    lines.push(`    GRAPEVINE_ADMIN_TOKEN=${adminToken}`, `    GRAPEVINE_SECRET=${secret}`, "");
  } else {
    lines.push(`  Keys and secrets are in ${settingsPath}. "grapevine env" prints them for a shell.`, "");
  }
  if (isOpen) {
    lines.push("  Other machines reach it, and keys travel unencrypted: put a proxy with TLS in front.", "");
  }
  lines.push("  Ctrl-C stops it. All responses are on disk.", "");
  return lines;
}

/**
 * Returns how the owner of a site reads its score. A browser does not send what is behind `#`, and
 * the page takes the key out of its address.
 * @param {string} url
 * @param {import("./settings.js").Site} site
 * @param {string} query
 */
function ownerLines(url, site, query) {
  return [
    "  The owner's page, with you signed in:",
    "",
    `    ${url}/${query}#key=${site.owner}&site=${site.id}`,
    "",
    "  The score:",
    "",
    `    curl -H 'Authorization: Bearer ${site.read}' '${url}/v1/sites/${site.id}/score?range=all'`,
    "",
  ];
}

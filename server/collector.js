// Requests to the collector that `start` runs.

import { UserError } from "./user_error.js";

/** @typedef {import("./settings.js").Site} Site */

/**
 * Creates a site.
 * @param {string} url
 * @param {string} adminToken One token, or several with commas between them.
 * @param {{ name: string } & Record<string, unknown>} site
 * @returns {Promise<Site>}
 */
export async function createSite(url, adminToken, site) {
  const [token] = adminToken.split(",");
  const created = await send(`${url}/v1/sites`, token.trim(), "application/json", JSON.stringify(site));
  return { id: created.site, owner: created.keys.owner, read: created.keys.read };
}

/**
 * Imports responses as NDJSON. Lines that the site has already change nothing.
 * @param {string} url
 * @param {Site} site
 * @param {string} lines
 * @returns {Promise<number>} how many were stored
 */
export async function importResponses(url, site, lines) {
  const path = `${url}/v1/sites/${site.id}/import`;
  return (await send(path, site.owner, "application/x-ndjson", lines)).stored;
}

/**
 * @param {string} url
 * @param {string} key
 * @param {string} type
 * @param {string} body
 * @returns {Promise<any>}
 */
async function send(url, key, type, body) {
  const headers = { authorization: `Bearer ${key}`, "content-type": type };
  const response = await fetch(url, { method: "POST", headers, body });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  const detail = text.startsWith("{") ? JSON.parse(text).detail : text;
  throw new UserError(`${url} replied with ${response.status}: ${detail}`);
}

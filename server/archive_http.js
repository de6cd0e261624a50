// Requests with which `archive` reads a site from any collector, and `unarchive` restores it into
// one.

import { UserError } from "./user_error.js";

/** Tries of a request that the collector could not process. */
const TRIES = 8;

/**
 * Returns the URL of the archive of a site.
 * @param {string} host
 * @param {string} site
 */
export function archiveUrl(host, site) {
  if (!/^https?:\/\//.test(host))
    throw new UserError(`"${host}" is no URL. Give that of the collector, like https://nps.example.`);
  return `${host.replace(/\/+$/, "")}/v1/sites/${encodeURIComponent(site)}/archive`;
}

/**
 * Returns the first of some environment variables that is set.
 * @param {...string} names
 */
export function secret(...names) {
  const name = names.find((it) => process.env[it]);
  if (name === undefined) throw new UserError(`Set ${names.join(" or ")}.`);
  return /** @type {string} */ (process.env[name]);
}

/**
 * Sends a request, again while the collector cannot process it, and returns the text of the
 * response.
 * @param {string} url
 * @param {{ token: string, body?: string, expected?: number[], advice?: string }} options
 *   `advice` follows the reason where it gives up.
 */
export async function request(url, { token, body, expected = [200], advice = "" }) {
  const method = body === undefined ? "GET" : "POST";
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" };
  for (let attempt = 1; ; attempt++) {
    let [problem, seconds] = ["", 2 ** attempt / 4];
    try {
      const response = await fetch(url, { method, headers, body });
      const text = await response.text();
      if (expected.includes(response.status)) return text;
      problem = text.startsWith("{") ? JSON.parse(text).detail : `status ${response.status}`;
      if (![429, 503, 507].includes(response.status)) throw new UserError(problem);
      seconds = Number(response.headers.get("retry-after")) || seconds;
    } catch (error) {
      if (error instanceof UserError) throw error;
      problem ||= `${url} cannot be reached: ${error.cause?.message ?? error.message}`;
    }
    if (attempt === TRIES) throw new UserError(`${problem}\n${advice}`);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

// Archive of one site over HTTP, from any collector.

import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

import { archiveUrl, request, secret } from "../archive_http.js";
import { UserError } from "../user_error.js";

/**
 * Writes the archive of a site into a new file, which only its owner may read. Where that fails,
 * nothing of it is left.
 * @param {string} host
 * @param {string} site
 * @param {string} file
 * @param {(line: string) => void} print
 */
export async function archive(host, site, file, print) {
  if (existsSync(file)) throw new UserError(`${file} exists. Name a new file; nothing is ever overwritten.`);
  const token = secret("GRAPEVINE_OWNER_KEY", "GRAPEVINE_ADMIN_TOKEN");
  const url = archiveUrl(host, site);
  const part = `${file}.part`;
  try {
    const rows = await write(part, url, token);
    renameSync(part, file);
    print(
      `Archived ${site} with ${rows} rows into ${file}. It has personal data and secrets: keep it like ` +
        "a key.",
    );
  } catch (error) {
    rmSync(part, { force: true });
    throw error.syscall ? new UserError(`${part} cannot be written: ${error.message}`) : error;
  }
}

/**
 * Writes all pages of an archive into a file, on disk, and returns the number of rows.
 * @param {string} path
 * @param {string} url
 * @param {string} token
 */
async function write(path, url, token) {
  rmSync(path, { force: true });
  const to = openSync(path, "wx", 0o600);
  try {
    let [cursor, rows] = ["", -1];
    while (cursor !== null) {
      const page = await request(`${url}${cursor && `?cursor=${encodeURIComponent(cursor)}`}`, { token });
      // The last line leads to the next page.
      const end = page.lastIndexOf("\n", page.length - 2) + 1;
      ({ next_cursor: cursor } = JSON.parse(page.slice(end)));
      // Unlike `writeSync`, it goes on where the system has written a part.
      writeFileSync(to, cursor === null ? page : page.slice(0, end));
      rows += page.slice(0, end).split("\n").length - 1;
    }
    fsyncSync(to);
    return rows;
  } finally {
    closeSync(to);
  }
}

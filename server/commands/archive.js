// Archive of one site over HTTP, from any collector.

import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from "node:fs";

import { address, request, secret } from "../archive_http.js";
import { UserError } from "../user_error.js";

/**
 * Writes the archive of a site into a new file, which only its owner may read.
 * @param {string} host
 * @param {string} site
 * @param {string} file
 * @param {(line: string) => void} print
 */
export async function archive(host, site, file, print) {
  if (existsSync(file)) throw new UserError(`${file} exists. Name a new file; nothing is ever overwritten.`);
  const token = secret("GRAPEVINE_OWNER_KEY", "GRAPEVINE_ADMIN_TOKEN");
  const part = `${file}.part`;
  rmSync(part, { force: true });
  const to = openSync(part, "wx", 0o600);
  let [cursor, rows] = ["", -1];
  try {
    while (cursor !== null) {
      const response = await request(
        `${address(host, site)}${cursor && `?cursor=${encodeURIComponent(cursor)}`}`,
        { token },
      );
      const page = await response.text();
      // The last line leads to the next page.
      const end = page.lastIndexOf("\n", page.length - 2) + 1;
      ({ next_cursor: cursor } = JSON.parse(page.slice(end)));
      writeSync(to, cursor === null ? page : page.slice(0, end));
      rows += page.slice(0, end).split("\n").length - 1;
    }
  } finally {
    closeSync(to);
  }
  renameSync(part, file);
  print(
    `Archived ${site} with ${rows} rows into ${file}. It has personal data and secrets: keep it like a key.`,
  );
}

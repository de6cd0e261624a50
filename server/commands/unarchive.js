// A site from an archive, over HTTP and into any collector.

import { createReadStream, statSync } from "node:fs";
import { createInterface } from "node:readline";

import { archiveUrl, request, secret } from "../archive_http.js";
import { UserError } from "../user_error.js";

/** The most bytes of the lines of a page; the collector takes 1 MiB. */
const PAGE_BYTES = 1_000_000;
const ADVICE = "Run the same command again to go on.";
const LAST_LINE = JSON.stringify({ next_cursor: null });

/**
 * Restores an archive into a collector with the same GRAPEVINE_SECRET. Run again, it goes on where
 * it was interrupted.
 * @param {string} host
 * @param {string} file
 * @param {(line: string) => void} print
 */
export async function unarchive(host, file, print) {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new UserError(`There is no file ${file}.`);
  if (found.isDirectory()) throw new UserError(`${file} is a folder. Name a file of "grapevine archive".`);
  const token = secret("GRAPEVINE_ADMIN_TOKEN");
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity })[
    Symbol.asyncIterator
  ]();
  const { value: header = "" } = await lines.next();
  const url = archiveUrl(host, siteOf(header, file));
  const send = async (/** @type {number} */ after, /** @type {string[]} */ page) => {
    const body = [header, ...page, ""].join("\n");
    const options = { token, body, expected: [200, 409], advice: ADVICE };
    return JSON.parse(await request(`${url}?after=${after}`, options));
  };
  // A page without lines says how much is restored already.
  const begun = await send(0, []);
  let { lines: restored } = begun;
  if (restored === undefined) throw new UserError(begun.detail);
  let [number, bytes, complete] = [0, 0, begun.complete === true];
  /** @type {string[]} */
  let page = [];
  const flush = async () => {
    const reply = await send(restored, page);
    if (reply.complete === undefined) throw new UserError(reply.detail);
    ({ lines: restored, complete } = reply);
    [page, bytes] = [[], 0];
  };
  while (!complete) {
    const { value: line, done } = await lines.next();
    if (done) throw new UserError(`${file} has no end: it was cut off. Archive the site again.`);
    if (line !== LAST_LINE && ++number <= restored) continue;
    const size = Buffer.byteLength(line) + 1;
    if (page.length > 0 && bytes + size > PAGE_BYTES) await flush();
    page.push(line);
    bytes += size;
    if (line === LAST_LINE) await flush();
  }
  print(
    `Restored ${restored} rows. The site is at ${url.replace(/\/archive$/, "")}, with the keys that it had.`,
  );
}

/**
 * @param {string} header
 * @param {string} file
 * @returns {string}
 */
function siteOf(header, file) {
  try {
    const { site } = JSON.parse(header);
    if (typeof site === "string") return site;
  } catch {
    // Reported below.
  }
  throw new UserError(`${file} is no archive: its first line is no header.`);
}

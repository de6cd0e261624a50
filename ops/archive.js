// Archive of one site over HTTP, from any collector: `archive` reads it, `unarchive` restores it.

import { createReadStream, existsSync, openSync, closeSync, renameSync, rmSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";

import { UserError } from "./user_error.js";

/** The most bytes of the lines of a page; the collector takes 1 MiB. */
const PAGE_BYTES = 1_000_000;
/** Tries of a request that the collector could not process. */
const TRIES = 8;
const LAST_LINE = JSON.stringify({ next_cursor: null });

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
      const response = await request(`${address(host, site)}${cursor && `?cursor=${encodeURIComponent(cursor)}`}`, { token });
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
  print(`Archived ${site} with ${rows} rows into ${file}. It has personal data and secrets: keep it like a key.`);
}

/**
 * Restores an archive into a collector with the same GRAPEVINE_SECRET. Run again, it goes on where
 * it was interrupted.
 * @param {string} host
 * @param {string} file
 * @param {(line: string) => void} print
 */
export async function unarchive(host, file, print) {
  if (!existsSync(file)) throw new UserError(`There is no file ${file}.`);
  const token = secret("GRAPEVINE_ADMIN_TOKEN");
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity })[Symbol.asyncIterator]();
  const { value: header = "" } = await lines.next();
  const url = address(host, siteOf(header, file));
  const send = (/** @type {number} */ after, /** @type {string[]} */ page) =>
    request(`${url}?after=${after}`, { token, body: [header, ...page, ""].join("\n"), expected: [200, 409] });
  // A page without lines says how much is restored already.
  const begun = await (await send(0, [])).json();
  let { lines: restored } = begun;
  if (restored === undefined) throw new UserError(begun.detail);
  let [number, bytes, complete] = [0, 0, begun.complete === true];
  /** @type {string[]} */
  let page = [];
  const flush = async () => {
    const reply = await (await send(restored, page)).json();
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
  print(`Restored ${restored} rows. The site is at ${url.replace(/\/archive$/, "")}, with the keys that it had.`);
}

/**
 * @param {string} host
 * @param {string} site
 */
function address(host, site) {
  if (!/^https?:\/\//.test(host)) throw new UserError(`"${host}" is no URL. Give that of the collector, like https://nps.example.`);
  return `${host.replace(/\/+$/, "")}/v1/sites/${encodeURIComponent(site)}/archive`;
}

/** @param {...string} names Environment variables, of which the first that is set counts. */
function secret(...names) {
  const name = names.find((it) => process.env[it]);
  if (name === undefined) throw new UserError(`Set ${names.join(" or ")}.`);
  return /** @type {string} */ (process.env[name]);
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
    // Said below.
  }
  throw new UserError(`${file} is no archive: its first line is no header.`);
}

/**
 * Sends a request, again while the collector cannot process it.
 * @param {string} url
 * @param {{ token: string, body?: string, expected?: number[] }} options
 */
async function request(url, { token, body, expected = [200] }) {
  const method = body === undefined ? "GET" : "POST";
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" };
  for (let attempt = 1; ; attempt++) {
    let [problem, seconds] = ["", 2 ** attempt / 4];
    try {
      const response = await fetch(url, { method, headers, body });
      if (expected.includes(response.status)) return response;
      const text = await response.text();
      problem = text.startsWith("{") ? JSON.parse(text).detail : `status ${response.status}`;
      if (![429, 503, 507].includes(response.status)) throw new UserError(problem);
      seconds = Number(response.headers.get("retry-after")) || seconds;
    } catch (error) {
      if (error instanceof UserError) throw error;
      problem ||= `${url} cannot be reached: ${error.cause?.message ?? error.message}`;
    }
    if (attempt === TRIES) throw new UserError(`${problem}\nRun the same command again to go on.`);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

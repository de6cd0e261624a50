// A year of sample responses of a shop, packed from the demo.

import { readFileSync } from "node:fs";

import { UserError } from "./user_error.js";

const DAY_S = 86_400;

/** Site that the responses are for. */
export const SAMPLE_SITE = { name: "Kettle Row (sample responses)", properties: ["plan", "country"] };

/** Returns the responses as NDJSON, the newest of the last 24 hours. */
export function sampleResponses() {
  const file = new URL("sample.ndjson", import.meta.url);
  try {
    return shiftToPresent(readFileSync(file, "utf8"), Date.now() / 1000);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    throw new UserError(
      `There is no ${file.pathname}. It is in the package that "cargo xtask package" makes.`,
    );
  }
}

/**
 * Moves responses in time by whole days, so that the time of day stays and none is in the future.
 * @param {string} ndjson
 * @param {number} now in Unix seconds
 */
export function shiftToPresent(ndjson, now) {
  const responses = ndjson
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const newest = responses.reduce((latest, { at }) => Math.max(latest, at), -Infinity);
  const shift = Math.floor((now - newest) / DAY_S) * DAY_S;
  return responses
    .map((response) => `${JSON.stringify({ ...response, at: response.at + shift })}\n`)
    .join("");
}

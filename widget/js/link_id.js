// Id of the response to a link without a token: one for each browser and day.
//
// The time of the first load is kept with it. Of two scores under one id the collector keeps that
// with the longer `elapsed_ms`, so a later visit has to go on counting.

import { DAY_MS } from "./eligibility.js";

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** The collector accepts an `elapsed_ms` of at most 32 bits. */
const MAX_SINCE_MS = 2 ** 31;

/**
 * Returns a UUID of version 7 (RFC 9562), whose first 48 bits are the time.
 * @param {number} nowMs
 */
const newId = (nowMs) => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let index = 0; index < 6; index++) bytes[index] = nowMs / 256 ** (5 - index);
  bytes[6] = 0x70 | (bytes[6] & 15);
  bytes[8] = 0x80 | (bytes[8] & 63);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

/**
 * Returns the options of `show` for a response of this browser: its id, and the milliseconds since
 * it was first shown. Both are missing where every load is a new response, or storage is blocked.
 * @param {string | undefined} invitedId id in the token of the link
 * @param {boolean} isNew whether every load is a new response
 * @param {Pick<Storage, "getItem" | "setItem">} [storage]
 * @param {number} [nowMs]
 * @returns {{ id?: string, since_ms?: number }}
 */
export const linkId = (invitedId, isNew, storage, nowMs = Date.now()) => {
  if (isNew) return {};
  try {
    storage ??= localStorage;
    const key = "grapevine:link:" + location.pathname;
    const stored = { ...JSON.parse(storage.getItem(key) ?? "{}") };
    const isSame = invitedId
      ? stored.id == invitedId
      : Math.floor(stored.at / DAY_MS) == Math.floor(nowMs / DAY_MS) && !stored.invited;
    if (isSame && UUID.test(stored.id))
      return { id: stored.id, since_ms: Math.min(Math.max(nowMs - stored.at, 0), MAX_SINCE_MS) };
    const id = invitedId ?? newId(nowMs);
    storage.setItem(key, JSON.stringify({ id, at: nowMs, invited: !!invitedId }));
    return { id, since_ms: 0 };
  } catch {
    return {}; // storage is blocked
  }
};

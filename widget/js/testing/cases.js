// Tables of cases that the widget shares with the Rust crates.

import { readFileSync } from "node:fs";

/** @param {string} name */
export const cases = (name) =>
  JSON.parse(readFileSync(new URL(`../../../api/tests/cases/${name}`, import.meta.url), "utf8"));

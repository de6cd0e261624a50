import assert from "node:assert/strict";
import { test } from "node:test";

import { afterExit } from "./supervisor.js";

/** @param {number[]} livesS */
const pauses = (...livesS) => {
  let shortLives = 0;
  return livesS.map((lived) => {
    const next = afterExit(lived * 1000, shortLives);
    ({ shortLives } = next);
    return next.pauseMs;
  });
};

test("the pause doubles and the fifth short life is the last", () => {
  assert.deepEqual(pauses(1, 0, 59, 1, 1), [500, 1_000, 2_000, 4_000, undefined]);
});

test("a long life ends the row", () => {
  assert.deepEqual(pauses(1, 0, 60, 1), [500, 1_000, 500, 1_000]);
});

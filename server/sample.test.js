import assert from "node:assert/strict";
import { test } from "node:test";

import { shiftToPresent } from "./sample.js";

const DAY_S = 86_400;
const AT = 1_795_696_800;

test("responses move by whole days, and none is in the future", () => {
  const ndjson = `{"id":"a","at":${AT - 5 * DAY_S}}\n{"id":"b","at":${AT}}\n`;
  for (const now of [AT, AT + 1, AT + 3 * DAY_S - 1, AT - 1, AT - 10 * DAY_S]) {
    const [first, newest] = shiftToPresent(ndjson, now)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(newest.at - first.at, 5 * DAY_S);
    assert.ok(newest.at <= now && newest.at > now - DAY_S, `${newest.at} for ${now}`);
    assert.ok((newest.at - AT) % DAY_S == 0);
  }
});

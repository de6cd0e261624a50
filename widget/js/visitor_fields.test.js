import assert from "node:assert/strict";
import test from "node:test";

import { visitorFields } from "./visitor_fields.js";

const fields = (userProperties, declared, userId) =>
  visitorFields({ config: { properties: declared }, userId, userProperties });

test("properties become text, and values that have none are left out", () => {
  const given = {
    plan: "pro",
    seats: 3,
    trial: false,
    gone: null,
    none: undefined,
    symbol: Symbol("s"),
    bare: Object.create(null),
  };
  assert.deepEqual(fields(given, undefined, "ann"), {
    user: "ann",
    properties: { plan: "pro", seats: "3", trial: "false" },
  });
});

test("of more than 20 properties the declared ones are kept first", () => {
  const many = Object.fromEntries(Array.from({ length: 24 }, (_, index) => [`p${index}`, index]));
  const { properties } = fields({ ...many, plan: "pro" }, ["plan", "country"]);
  assert.equal(Object.keys(properties).length, 20);
  assert.equal(properties.plan, "pro");
  assert.ok("p18" in properties && !("p19" in properties) && !("country" in properties));
});

test("a value is cut at 200 whole characters", () => {
  const { properties } = fields({ plan: `${"x".repeat(199)}🍵y` });
  assert.equal(properties.plan, `${"x".repeat(199)}🍵`);
});

test("a page that is tried out says so", () => {
  const message = (test) => visitorFields({ config: { test }, userProperties: {} });
  assert.equal(JSON.stringify(message("")), '{"properties":{},"test":true}');
  assert.equal(JSON.stringify(message("true")), '{"properties":{},"test":true}');
  assert.equal(JSON.stringify(message(undefined)), '{"properties":{}}');
});

test("an empty user id is left out", () => {
  assert.equal(JSON.stringify(fields({}, undefined, "")), '{"properties":{}}');
});

import test from "node:test";
import assert from "node:assert/strict";
import { Outbox } from "../../static/js/chat/outbox.js";
import { NOT_SENT } from "../../static/js/chat/outbox.js";
import { SENDING } from "../../static/js/chat/outbox.js";

const keys = (entries) => entries.map((entry) => entry.key);

test("words wait under their key until the server has them", () => {
  const outbox = new Outbox(1000);
  outbox.add("a", { text: "one" }, 0);
  assert.equal(outbox.accepted("a"), true);
  assert.equal(outbox.accepted("a"), false);
  assert.ok(!outbox.waiting.size);
});

test("what is unsent goes out again in the order it was written, with the same keys", () => {
  const outbox = new Outbox(1000);
  for (const key of ["a", "b", "c"]) outbox.add(key, { text: key }, 0);
  outbox.accepted("b");
  assert.deepEqual(keys(outbox.unsent(500)), ["a", "c"]);
});

test("patience runs out once per entry, and a new try starts it afresh", () => {
  const outbox = new Outbox(1000);
  const entry = outbox.add("a", { text: "one" }, 0);
  assert.deepEqual(keys(outbox.overdue(999)), []);
  assert.deepEqual(keys(outbox.overdue(1000)), ["a"]);
  assert.equal(entry.state, NOT_SENT);
  assert.deepEqual(keys(outbox.overdue(2000)), []);
  outbox.unsent(3000);
  assert.equal(entry.state, SENDING);
  assert.deepEqual(keys(outbox.overdue(4000)), ["a"]);
});

test("refused words are not sent again by themselves", () => {
  const outbox = new Outbox(1000);
  outbox.add("a", { text: "one" }, 0);
  outbox.refused("a");
  assert.deepEqual(keys(outbox.unsent(1)), []);
});

test("words the server asked to slow down keep their place", () => {
  const outbox = new Outbox(1000);
  outbox.add("a", { text: "one" }, 0);
  outbox.add("b", { text: "two" }, 0);
  outbox.hold("a", 500);
  assert.deepEqual(keys(outbox.unsent(600)), ["a", "b"]);
});

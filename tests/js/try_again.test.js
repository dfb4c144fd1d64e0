import test from "node:test";
import assert from "node:assert/strict";
import { Outbox } from "../../static/js/chat/outbox.js";
import { tryAgain } from "../../static/js/desk/try_again.js";

test("a tap sends what was refused in this conversation again, and nothing of another one", () => {
  const outbox = new Outbox();
  for (const [key, conversation] of [["a", "one"], ["b", "two"], ["c", "one"]]) {
    outbox.add(key, { type: "Say", frame: { key, conversation } }, 0);
  }
  outbox.refused("a");
  outbox.refused("b");
  const sent = [];
  const line = { outbox, resend: () => sent.push(...outbox.unsent(1).map(({ key }) => key)) };
  tryAgain(line, { id: "one" });
  assert.deepEqual(sent, ["a", "c"]);
  assert.equal(outbox.waiting.get("b").final, true);
});

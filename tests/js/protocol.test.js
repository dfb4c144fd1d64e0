import test from "node:test";
import assert from "node:assert/strict";
import { byteLength } from "../../static/js/chat/protocol.js";
import { newKey } from "../../static/js/chat/protocol.js";
import { readFrame } from "../../static/js/chat/protocol.js";
import { writeFrame } from "../../static/js/chat/protocol.js";

const STEPS = [256, 512, 1024, 2048, 4096, 8192, 16384];

test("every frame is as long as a step, whatever its words", () => {
  for (const text of ["", "hi", "ñ".repeat(300), "مرحبا ".repeat(100), '"\\\n'.repeat(50), "😀".repeat(900)]) {
    const frame = writeFrame("Say", { key: newKey(), text });
    assert.ok(STEPS.includes(byteLength(frame)), `${byteLength(frame)} is not a step`);
    const read = readFrame(frame);
    assert.equal(read.type, "Say");
    assert.equal(read.text, text);
  }
});

test("a short word and a beat weigh the same", () => {
  assert.equal(byteLength(writeFrame("Here", {})), byteLength(writeFrame("Say", { key: newKey(), text: "yes" })));
});

test("a key is 128 bits and never the same twice", () => {
  const keys = new Set(Array.from({ length: 200 }, () => newKey()));
  assert.equal(keys.size, 200);
  for (const key of keys) assert.match(key, /^[A-Za-z0-9_-]{22}$/);
});

test("what is not a frame is read as nothing", () => {
  for (const text of ["", "{", "null", "[]", "3", '{"a":1}', '{"type":3}', new Uint8Array(2)]) {
    assert.equal(readFrame(text), null);
  }
});

import test from "node:test";
import assert from "node:assert/strict";
import { isSingle, isWithAlt } from "../../static/js/desk/typing.js";

const field = { matches: () => true };
const page = { matches: () => false };
const press = (more) => ({ altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, isComposing: false, repeat: false, target: page, ...more });

test("a single letter is a key only where nobody types, and with nothing else pressed", () => {
  assert.equal(isSingle(press({})), true);
  assert.equal(isSingle(press({ shiftKey: true })), true);
  for (const more of [{ target: field }, { altKey: true }, { ctrlKey: true }, { metaKey: true }, { isComposing: true }, { repeat: true }]) {
    assert.equal(isSingle(press(more)), false, JSON.stringify(Object.keys(more)));
  }
});

test("Alt with a letter is a key in a field too, but not where it writes a sign", () => {
  const alt = (more) => press({ altKey: true, target: field, ...more });
  assert.equal(isWithAlt(alt({}), false), true);
  // AltGr is Ctrl and Alt on one system, a lock of its own on another.
  assert.equal(isWithAlt(alt({ ctrlKey: true }), false), false);
  assert.equal(isWithAlt(alt({ getModifierState: (name) => name === "AltGraph" }), false), false);
  assert.equal(isWithAlt(alt({ isComposing: true }), false), false);
  assert.equal(isWithAlt(alt({}), true), false);
  assert.equal(isWithAlt(alt({ target: page }), true), true);
  assert.equal(isWithAlt(press({}), false), false);
});

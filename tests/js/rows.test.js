import test from "node:test";
import assert from "node:assert/strict";
import { piece, press, said, sentence } from "../../static/js/desk/rows.js";

// As much of a page as a row is made of.
globalThis.document = {
  createElement: (kind) => ({
    kind,
    attributes: {},
    heard: [],
    setAttribute(name, value) {
      this.attributes[name] = value;
    },
    addEventListener(name, act) {
      assert.equal(name, "click");
      this.heard.push(act);
    },
    click() {
      for (const act of this.heard) act();
    },
  }),
};

const book = { desk: "en", say: (name, tag = "en") => `${name} in ${tag}` };
const read = ({ className, textContent, lang, dir }) => ({ className, textContent, lang, dir });

test("a button sends no form, says what it is for, and does what it is there for once a press", () => {
  let pressed = 0;
  const button = press({ text: "Send", of: "Hello", act: () => (pressed += 1) });
  assert.deepEqual([button.kind, button.type, button.className, button.textContent], ["button", "button", "row second", "Send"]);
  assert.equal(button.attributes["aria-label"], "Send: Hello");
  button.click();
  assert.equal(pressed, 1);
  // Where its own words are enough nothing else is read out.
  assert.deepEqual(press({ text: "Yes", act: () => {} }).attributes, {});
});

test("a button that is off does nothing, and the same button works once it is on", () => {
  let isOff = true;
  let pressed = 0;
  const button = press({ text: "Come in", className: "row", isOff: () => isOff, act: () => (pressed += 1) });
  button.click();
  assert.equal(pressed, 0);
  isOff = false;
  button.click();
  assert.deepEqual([pressed, button.className], [1, "row"]);
});

test("a text stands in its own language and direction, and is text whatever it says", () => {
  const line = said("quiet-text", "<b>مرحبا</b>", "ar");
  assert.deepEqual(read(line), { className: "quiet-text", textContent: "<b>مرحبا</b>", lang: "ar", dir: "auto" });
  assert.equal("innerHTML" in line, false);
  assert.deepEqual([piece("p", "queue-top").kind, piece("p", "queue-top").textContent], ["p", ""]);
});

test("a sentence is shown as she reads it as well, and once where both read alike", () => {
  assert.deepEqual(sentence(book, "hello", "en").map(read), [{ className: "", textContent: "hello in en", lang: "en", dir: "auto" }]);
  assert.deepEqual(sentence(book, "hello", "ar", "book-hers", "book-ours").map(read), [
    { className: "book-ours", textContent: "hello in en", lang: "en", dir: "auto" },
    { className: "book-hers", textContent: "hello in ar", lang: "ar", dir: "auto" },
  ]);
});

import test from "node:test";
import assert from "node:assert/strict";
import { Book } from "../../static/js/desk/book.js";
import { DeskWords } from "../../static/js/desk/desk_words.js";
import { speaks } from "../../static/js/desk/interpreter.js";
import { Queue } from "../../static/js/desk/queue.js";

const TOLD = { total: 2, ready: true, capacity: 3, mine: [] };

test("a row that is for others first is next for this desk when its seconds are over", () => {
  const queue = new Queue();
  const kept = { conversation: "a", first: "others", first_s: 12 };
  const open = { conversation: "b", first: "", first_s: 0 };
  queue.snapshot({ ...TOLD, waiting: [kept, open] }, 1000);
  assert.deepEqual(queue.mine(1000), [open]);
  assert.equal(queue.firstFor(kept, 5500), 8);
  assert.equal(queue.isForOthers(kept, 12900), true);
  assert.deepEqual(queue.mine(13000), [kept, open]);
});

test("a row that is for this desk first is hers at once, and a house of yesterday tells of none", () => {
  const queue = new Queue();
  const hers = { conversation: "a", first: "me", first_s: 12 };
  const plain = { conversation: "b" };
  queue.snapshot({ ...TOLD, waiting: [hers, plain] }, 0);
  assert.deepEqual(queue.mine(0), [hers, plain]);
  assert.equal(queue.firstFor(plain, 0), 0);
  assert.deepEqual(queue.speakers("es"), []);
});

test("who on duty speaks a language is told by name", () => {
  const queue = new Queue();
  const on_duty = [{ name: "Robin", languages: ["en", "zh-Hans"] }, { name: "Sam", languages: ["en"] }];
  queue.snapshot({ ...TOLD, waiting: [], on_duty }, 0);
  assert.deepEqual(queue.speakers("zh-Hans"), ["Robin"]);
  assert.deepEqual(queue.speakers("en"), ["Robin", "Sam"]);
});

test("a tag of several parts finds its words, and no tag is no fault", () => {
  // As a browser hands out `data-language-zh-hans` and `data-in-zh-hant`.
  const words = new DeskWords({ dataset: { languageZhHans: "Simplified Chinese", languageEs: "Spanish" } }, "en");
  assert.deepEqual([words.language("zh-Hans"), words.language("es"), words.language("xx"), words.language("")], ["Simplified Chinese", "Spanish", "xx", ""]);
  const card = { dataset: { card: "safe", letters: "sa", choices: "", inEn: "Are you safe?", inZhHant: "你安全嗎?" } };
  const book = new Book({ cards: { children: [card] }, choices: { children: [] }, desk: "en" });
  assert.equal(book.say("safe", "zh-Hant"), "你安全嗎?");
});

test("an interpreter is found by what is spoken, and by what is read where nothing else was said", () => {
  assert.equal(speaks(["yue", "zh-Hans", "zh-Hant"], "zh-Hant", "yue"), true);
  assert.equal(speaks(["yue", "zh-Hans", "zh-Hant"], "zh-Hant", "cmn"), false);
  assert.equal(speaks(["yue", "zh-Hans", "zh-Hant"], "zh-Hant", ""), true);
  assert.equal(speaks(["es"], "ar", ""), false);
  assert.equal(speaks([], "ar", ""), true);
});

import test from "node:test";
import assert from "node:assert/strict";
import { asAge, asClock } from "../../static/js/desk/clock.js";
import { DeskWords } from "../../static/js/desk/desk_words.js";
import { HandingLine } from "../../static/js/desk/handing_line.js";
import { LeftHands } from "../../static/js/desk/left_hands.js";
import { OffersView } from "../../static/js/desk/offers_view.js";
import { keyOf } from "../../static/js/desk/shift.js";
import { Queue } from "../../static/js/desk/queue.js";
import { Talks } from "../../static/js/desk/talks.js";

test("a wait is read as minutes and seconds, an age no finer than needed", () => {
  assert.equal(asClock(50), "0:50");
  assert.equal(asClock(725.9), "12:05");
  assert.equal(asClock(-3), "0:00");
  assert.equal(asAge(40), "40 s");
  assert.equal(asAge(720), "12 min");
  assert.equal(asAge(10800), "3 h");
});

test("a snapshot replaces the whole queue, and its clocks go on", () => {
  const queue = new Queue();
  assert.equal(queue.age(0), null);
  const row = { conversation: "a", waited_s: 10 };
  queue.snapshot({ waiting: [row], total: 1, ready: true, capacity: 3, mine: [{ state: "talking" }, { state: "ended" }] }, 1000);
  assert.equal(queue.waited(row, 6000), 15);
  assert.equal(queue.age(21000), 20);
  assert.equal(queue.held, 1);
  queue.snapshot({ waiting: [], total: 0, ready: true, capacity: 3, mine: [] }, 22000);
  assert.deepEqual(queue.rows, []);
});

test("a conversation keeps its number, and a new one takes the lowest that is free", () => {
  const talks = new Talks();
  const [a, b, c] = ["a", "b", "c"].map((id) => talks.open(id));
  assert.deepEqual([a.number, b.number, c.number], [1, 2, 3]);
  talks.drop("b");
  assert.equal(talks.open("d").number, 2);
  assert.equal(talks.open("c"), c);
  assert.deepEqual(talks.shown.map(({ id }) => id), ["a", "d", "c"]);
});

test("every conversation has a colour, however many are open", () => {
  const talks = new Talks();
  const looks = Array.from({ length: 11 }, (_, at) => talks.open(`talk ${at}`).look);
  assert.deepEqual(looks, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2]);
});

test("a Resume says how far each conversation got, ended ones too", () => {
  const talks = new Talks();
  const talk = talks.open("a");
  talk.transcript.post({ seq: 1, author: "visitor", text: "one" });
  talk.close("exit", 1800, 0);
  assert.deepEqual(talks.held(), [{ conversation: "a", last: 1, last_note: 0 }]);
});

test("an answer about safety from before a drop counts as not asked", () => {
  const talks = new Talks();
  const talk = talks.open("a");
  talk.keepCard({ safe: "yes", safe_s: 5 }, 10000);
  assert.equal(talk.isSafeStale, false);
  talk.turnLine("gone", 0, 20000);
  assert.equal(talk.tellDrop(21000), false);
  assert.equal(talk.tellDrop(24000), true);
  assert.equal(talk.tellDrop(25000), false);
  talk.turnLine("connected", 0, 30000);
  assert.equal(talk.isSafeStale, true);
  talk.keepCard({ safe: "yes", safe_s: 1 }, 40000);
  assert.equal(talk.isSafeStale, false);
});

test("the clock on what is unanswered starts with her words, stops with an answer, and survives a new line", () => {
  const talk = new Talks().open("a");
  talk.keepUnanswered(0, 0, 1000);
  talk.turnUnanswered("visitor", 1, 2000);
  talk.turnUnanswered("visitor", 2, 9000);
  assert.equal(talk.unansweredSince, 2000);
  talk.turnUnanswered("advocate", 3, 10000);
  assert.equal(talk.unansweredSince, null);

  const again = new Talks().open("a");
  again.keepUnanswered(95, 4, 200000);
  again.turnUnanswered("visitor", 1, 200000);
  again.turnUnanswered("advocate", 3, 200000);
  again.turnUnanswered("visitor", 4, 200001);
  assert.equal(again.unansweredSince, 105000);
  again.turnUnanswered("advocate", 5, 210000);
  again.turnUnanswered("visitor", 6, 220000);
  assert.equal(again.unansweredSince, 220000);
});

test("who has each of those that left these hands is said together, and changed where it changes", () => {
  const said = [];
  const words = { say: (what, { name, person } = {}) => (what === "noName" ? "No name" : `${person} ${what} ${name || "-"}`) };
  const left = new LeftHands({ words, tell: (text) => said.push(text) });
  left.told("a", "Noor", "");
  left.told("b", "Ana", "Sam");
  assert.equal(said.pop(), "Noor waitsAgain - Ana hasNow \u2068Sam\u2069");
  assert.equal(left.nameOf("a"), "Noor");
  left.told("a", left.nameOf("a"), "Sam");
  assert.equal(said.pop(), "Noor hasNow \u2068Sam\u2069 Ana hasNow \u2068Sam\u2069");
  left.forget();
  assert.equal(left.nameOf("a"), "No name");
});

test("each state of a shift is one key, and only with Alt alone", () => {
  const press = (code, more = {}) => keyOf({ altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, code, ...more });
  assert.deepEqual(
    ["KeyR", "KeyP", "KeyJ", "KeyW", "KeyB", "KeyO"].map((code) => press(code)),
    ["ready", "on_call", "finishing", "wrap_up", "break", "off"],
  );
  assert.equal(press("KeyR", { ctrlKey: true }), null);
  assert.equal(press("KeyR", { altKey: false }), null);
  assert.equal(press("KeyQ"), null);
});

test("a covered page is told once, and so is how she came back", () => {
  const talk = new Talks().open("a");
  talk.keepCard({ safe: "yes", safe_s: 0 }, 0);
  assert.equal(talk.turnLine("connected", 0, 500), null);
  assert.equal(talk.turnLine("covered", 4, 10000), "covered");
  assert.equal(talk.coveredSince, 6000);
  assert.equal(talk.isSafeStale, true);
  assert.equal(talk.turnLine("covered", 9, 15000), null);
  assert.equal(talk.turnLine("connected", 0, 20000), "backOpen");
  assert.equal(talk.coveredSince, null);
  for (const [back, said] of Object.entries({ word: "backWord", held: "backHeld" })) {
    talk.turnLine("covered", 0, 30000);
    talk.keepCard({ back }, 31000);
    assert.equal(talk.turnLine("connected", 0, 32000), said);
  }
  talk.turnLine("covered", 0, 40000);
  talk.close("exit", 60, 41000);
  assert.equal(talk.turnLine("left", 0, 42000), null);
});

test("rows that began alike are one row until somebody looks, and stay open while they come and go", () => {
  const queue = new Queue();
  const row = (conversation, heap, lot = false) => ({ conversation, heap, lot, like: heap ? 3 : 0, waited_s: 0 });
  const tell = (waiting) => queue.snapshot({ waiting, total: 9, ready: true, capacity: 3, mine: [], surge: true }, 0);
  const under = () => queue.rows.filter((each) => queue.isUnder(each)).map(({ conversation }) => conversation);
  tell([row("drawn", 1, true), row("a", 1), row("b", 1), row("own", 0), row("c", 1), row("d", 2)]);
  assert.equal(queue.isSurge, true);
  assert.deepEqual(under(), ["b", "c"]);
  assert.deepEqual(queue.under(queue.rows[1]).map(({ conversation }) => conversation), ["b", "c"]);
  assert.equal(queue.isOpen(queue.rows[1]), false);
  queue.turn(queue.rows[1]);
  assert.equal(queue.isOpen(queue.rows[2]), true);
  // The first of it was taken, another came, and the server counts its heaps anew.
  tell([row("d", 1), row("b", 7), row("c", 7), row("e", 7)]);
  assert.deepEqual(under(), ["c", "e"]);
  assert.equal(queue.isOpen(queue.rows[3]), true);
  assert.equal(queue.isOpen(queue.rows[0]), false);
  queue.turn(queue.rows[3]);
  assert.equal(queue.isOpen(queue.rows[1]), false);
  // An older server tells no heap.
  tell([{ conversation: "x", waited_s: 1 }, { conversation: "y", waited_s: 1 }]);
  assert.deepEqual(under(), []);
});

test("to have somebody next a page says what it shows once all of it is there, and again for each word more", () => {
  const said = [];
  const talks = new Talks();
  const line = new HandingLine({ line: { talks }, send: (type, { seq }) => said.push([type, seq]) });
  const talk = Object.assign(talks.open("a"), { role: "next", upTo: 3, shownUpTo: 0 });
  for (const seq of [1, 3, 2]) {
    talk.transcript.post({ seq, author: "visitor", text: "word", key: `k${seq}` });
    line.shown(talk);
  }
  line.shown(talk);
  assert.deepEqual(said, [["HistoryShown", 3]]);
  talk.transcript.post({ seq: 5, author: "visitor", text: "word", key: "k5" });
  line.shown(talk);
  talk.transcript.mark(4);
  line.shown(talk);
  assert.deepEqual(said, [["HistoryShown", 3], ["HistoryShown", 5]]);
  assert.equal(talk.isHeld, false);
});

test("who did not want what was offered to all is told again once it is offered to her by name", () => {
  const queue = { offers: [{ conversation: "a", named: false }, { conversation: "b", named: false }] };
  const list = { replaceChildren() {}, addEventListener() {}, contains: () => false, children: [] };
  globalThis.document = { activeElement: null };
  const view = new OffersView({ queue, part: {}, list, isOpen: () => false });
  view.refused.add("a");
  assert.deepEqual(view.rows.map(({ conversation }) => conversation), ["b"]);
  queue.offers[0].named = true;
  assert.deepEqual(view.rows.map(({ conversation }) => conversation), ["a", "b"]);
  // Withdrawn and offered to all once more: it is another offer.
  queue.offers = [];
  view.draw();
  queue.offers = [{ conversation: "a", named: false }];
  assert.deepEqual(view.rows.map(({ conversation }) => conversation), ["a"]);
});

test("what she answered about her safety counts as not given once somebody else may be there", () => {
  const words = new DeskWords({ dataset: { safeYes: "Yes", safeNone: "not asked", safeDrop: "ask again", age: "{time} ago" } }, "en");
  const asAge = (seconds) => `${seconds} s`;
  const talk = { card: { safe: "yes" }, safeSince: 1000, isSafeStale: false };
  assert.equal(words.safeOf(talk, 6000, asAge), "Yes · 5 s ago");
  assert.equal(words.safeOf({ ...talk, isSafeStale: true }, 6000, asAge), "ask again");
  assert.equal(words.safeOf({ ...talk, isSafeStale: true, card: { safe: "yes", other: true } }, 6000, asAge), "not asked");
  assert.equal(words.safeOf({ ...talk, card: {} }, 6000, asAge), "not asked");
});

test("what she read on another window is new on none, and what came after it is", () => {
  const talk = new Talks().open("a");
  for (const seq of [1, 2, 3]) talk.transcript.post({ seq, author: "visitor", text: "word", key: `k${seq}` });
  talk.unread = 3;
  talk.readElsewhere(2);
  assert.equal(talk.unread, 1);
  talk.readElsewhere(1);
  assert.equal(talk.unread, 1);
  talk.readElsewhere(3);
  assert.equal(talk.unread, 0);
});

test("how far she has read is said once for each number, and not more often than every three seconds", () => {
  const said = [];
  const line = new HandingLine({ line: {}, send: (type, { seq }) => said.push([type, seq]), keep() {} });
  const talk = new Talks().open("a");
  talk.transcript.post({ seq: 1, author: "visitor", text: "word", key: "k1" });
  line.looks(talk, 10000);
  line.looks(talk, 20000);
  talk.transcript.post({ seq: 2, author: "visitor", text: "word", key: "k2" });
  line.looks(talk, 11000);
  line.looks(talk, 14000);
  talk.role = "watcher";
  talk.transcript.post({ seq: 3, author: "visitor", text: "word", key: "k3" });
  line.looks(talk, 30000);
  assert.deepEqual(said, [["Looked", 1], ["Looked", 2]]);
});

import test from "node:test";
import assert from "node:assert/strict";
import { Transcript } from "../../static/js/chat/ordering.js";

const words = (transcript) => transcript.entries.map((entry) => entry.text);

test("what was seen before is not shown again", () => {
  const transcript = new Transcript();
  assert.ok(transcript.post({ seq: 1, author: "advocate", text: "one" }));
  assert.equal(transcript.post({ seq: 1, author: "advocate", text: "one" }), null);
  assert.deepEqual(words(transcript), ["one"]);
});

test("words stand in the order of their numbers however they arrive", () => {
  const transcript = new Transcript();
  for (const seq of [3, 1, 2]) transcript.post({ seq, author: "advocate", text: String(seq) });
  assert.deepEqual(words(transcript), ["1", "2", "3"]);
  assert.equal(transcript.last, 3);
});

test("our own words come back under their key and stay one bubble", () => {
  const transcript = new Transcript();
  const entry = transcript.write("k1", "hello");
  assert.equal(transcript.post({ seq: 1, author: "visitor", text: "hello", key: "k1" }), null);
  assert.equal(entry.seq, 1);
  assert.equal(transcript.accept("k1", 1), null);
  assert.deepEqual(words(transcript), ["hello"]);
});

test("words that were taken back leave, their number stays, and nothing brings them again", () => {
  const transcript = new Transcript();
  transcript.post({ seq: 1, author: "advocate", text: "wrong", key: "k1" });
  const gone = transcript.withdraw(1);
  assert.equal(gone.text, "wrong");
  assert.deepEqual(words(transcript), []);
  assert.equal(transcript.post({ seq: 1, author: "advocate", text: "wrong", key: "k1" }), null);
  assert.equal(transcript.accept("k1", 1), null);
  assert.equal(transcript.withdraw(1), null);
  assert.equal(transcript.last, 1);
});

test("a page that meets the hole counts its number", () => {
  const transcript = new Transcript();
  assert.equal(transcript.withdraw(1), null);
  assert.ok(!transcript.mark(1));
  transcript.post({ seq: 2, author: "advocate", text: "right" });
  assert.equal(transcript.last, 2);
  assert.ok(!transcript.hasGap);
});

test("a number that overtook another leaves a gap, and last stays before it", () => {
  const transcript = new Transcript();
  transcript.write("k1", "mine");
  transcript.accept("k1", 2);
  assert.equal(transcript.last, 0);
  assert.ok(transcript.hasGap);
  transcript.post({ seq: 1, author: "advocate", text: "theirs" });
  assert.equal(transcript.last, 2);
  assert.ok(!transcript.hasGap);
  assert.deepEqual(words(transcript), ["theirs", "mine"]);
});

test("words without a number stay last, in the order they were written", () => {
  const transcript = new Transcript();
  transcript.write("a", "first");
  transcript.write("b", "second");
  transcript.post({ seq: 1, author: "advocate", text: "reply" });
  assert.deepEqual(words(transcript), ["reply", "first", "second"]);
  const [, first] = transcript.entries;
  assert.equal(transcript.after(first).text, "second");
});

test("a joining counts as a number and is marked once", () => {
  const transcript = new Transcript();
  assert.equal(transcript.mark(1), true);
  assert.equal(transcript.mark(1), false);
  assert.equal(transcript.last, 1);
  assert.ok(!transcript.hasGap);
});

test("a thousand shuffled arrivals with repeats end in one order", () => {
  const arrivals = [];
  for (let seq = 1; seq <= 500; seq += 1) arrivals.push(seq, seq);
  for (let i = arrivals.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [arrivals[i], arrivals[j]] = [arrivals[j], arrivals[i]];
  }
  const transcript = new Transcript();
  for (const seq of arrivals) transcript.post({ seq, author: "advocate", text: String(seq) });
  assert.deepEqual(words(transcript), Array.from({ length: 500 }, (_, index) => String(index + 1)));
  assert.equal(transcript.last, 500);
});

test("forgetting leaves nothing behind", () => {
  const transcript = new Transcript();
  transcript.post({ seq: 1, author: "advocate", text: "one" });
  transcript.forget();
  assert.deepEqual(words(transcript), []);
  assert.equal(transcript.last, 0);
});

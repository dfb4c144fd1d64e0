import test from "node:test";
import assert from "node:assert/strict";
import { Conversation } from "../../static/js/chat/conversation.js";
import { readFrame } from "../../static/js/chat/protocol.js";

// A line that remembers what was said over it, and can be away.
class Line {
  constructor() {
    this.said = [];
    this.isThere = true;
    this.renewed = 0;
  }

  send(text) {
    if (this.isThere) this.said.push(readFrame(text));
    return this.isThere;
  }

  renew() {
    this.renewed += 1;
  }
}

// A page that remembers what it was told, each as [what, ...values].
function rememberingView() {
  const told = [];
  const view = new Proxy({ told }, { get: (target, name) => target[name] ?? ((...values) => told.push([name, ...values])) });
  return view;
}

function setUp(t) {
  const connection = new Line();
  const view = rememberingView();
  const conversation = new Conversation({ connection, view });
  t.after(() => conversation.stop());
  const welcome = { type: "Welcome", state: "talking", place: 0, minutes: null, name: "Ana", last: 0, answers: {} };
  const told = (name) => view.told.filter(([what]) => what === name);
  const says = () => connection.said.filter(({ type }) => type === "Say");
  return { connection, view, conversation, welcome, told, says };
}

test("whether the page can be seen is said to a server that understands it, and to no older one", (t) => {
  const { connection, conversation } = setUp(t);
  connection.version = "line.1";
  conversation.turn(true);
  assert.deepEqual(connection.said, []);
  connection.version = "line.2";
  conversation.turn(true);
  conversation.turn(false);
  assert.deepEqual(
    connection.said.map(({ type, state }) => [type, state]),
    [
      ["Screen", "hidden"],
      ["Screen", "shown"],
    ],
  );
});

test("a number to come back with is asked for, told to the page, and never asked for again by itself", (t) => {
  const { connection, conversation, welcome, told } = setUp(t);
  assert.equal(conversation.askComeback(), true);
  const [{ type, key }] = connection.said;
  assert.equal(type, "AskComeback");
  conversation.heard({ type: "ComebackMade", key, code: "31415926535810", lasts_s: 7200 });
  assert.equal(told("comebackMade")[0][1].code, "31415926535810");
  conversation.heard(welcome);
  assert.equal(connection.said.filter((frame) => frame.type === "AskComeback").length, 1);
  connection.isThere = false;
  assert.equal(conversation.askComeback(), false);
});

test("a number that could not be made is said so, whatever the reason", (t) => {
  const { connection, conversation, told } = setUp(t);
  for (const reason of ["away", "closed"]) {
    conversation.askComeback();
    const { key } = connection.said[connection.said.length - 1];
    conversation.heard({ type: "Refused", key, reason });
  }
  assert.equal(told("comebackRefused").length, 2);
});

test("coming back is told once, wherever in the stream it stands", (t) => {
  const { conversation, told } = setUp(t);
  const back = { type: "MessagePosted", seq: 1, author: "system", name: "", text: "back", key: "" };
  conversation.heard(back);
  conversation.heard(back);
  assert.equal(told("cameBack").length, 1);
  assert.equal(told("returned").length, 0);
});

test("unsent words go out again after a cut, in order and under the same keys", (t) => {
  const { connection, conversation, welcome, says } = setUp(t);
  conversation.say("one");
  connection.isThere = false;
  conversation.say("two");
  connection.isThere = true;
  conversation.heard(welcome);
  const [first, again, second] = says();
  assert.equal(again.key, first.key);
  assert.deepEqual([again.text, second.text], ["one", "two"]);
});

test("words that were saved before the cut are not sent again", (t) => {
  const { conversation, welcome, says } = setUp(t);
  conversation.say("one");
  const [{ key }] = says();
  conversation.heard({ type: "MessageAccepted", key, seq: 1 });
  conversation.heard(welcome);
  assert.equal(says().length, 1);
});

test("our own words posted back count as received and make no second bubble", (t) => {
  const { conversation, told, says } = setUp(t);
  conversation.say("one");
  const [{ key }] = says();
  conversation.heard({ type: "MessagePosted", seq: 1, author: "visitor", name: "", text: "one", key });
  conversation.heard({ type: "MessageAccepted", key, seq: 1 });
  assert.equal(told("posted").length, 1);
  assert.equal(told("marked").at(-1)[2], "received");
  assert.ok(!conversation.outbox.waiting.size);
});

test("the same words arriving twice are shown once", (t) => {
  const { conversation, told } = setUp(t);
  const frame = { type: "MessagePosted", seq: 1, author: "advocate", name: "Ana", text: "Hello", key: "k" };
  conversation.heard(frame);
  conversation.heard(frame);
  assert.equal(told("posted").length, 1);
});

test("a missing number makes the page ask again from the last one it has", (t) => {
  const { connection, conversation } = setUp(t);
  conversation.heard({ type: "MessagePosted", seq: 2, author: "advocate", name: "Ana", text: "Hello", key: "k" });
  assert.equal(connection.renewed, 1);
  assert.equal(conversation.transcript.last, 0);
});

test("an answer is repeated after a cut until it is kept, and only the latest", (t) => {
  const { connection, conversation, welcome } = setUp(t);
  connection.isThere = false;
  conversation.answer("safe", "yes");
  conversation.answer("safe", "no");
  connection.isThere = true;
  conversation.heard(welcome);
  const answers = connection.said.filter(({ type }) => type === "Answer");
  assert.deepEqual(answers.map(({ choice }) => choice), ["no"]);
  conversation.heard({ type: "AnswerKept", key: answers[0].key, question: "safe", choice: "no" });
  conversation.heard(welcome);
  assert.equal(connection.said.filter(({ type }) => type === "Answer").length, 1);
});

test("being given back to the queue is told once, also after a Resume", (t) => {
  const { conversation, told } = setUp(t);
  const frame = { type: "MessagePosted", seq: 1, author: "system", name: "", text: "returned", key: "" };
  conversation.heard(frame);
  conversation.heard(frame);
  assert.equal(told("returned").length, 1);
});

test("a talk that has ended while the page slept is over, not silent", (t) => {
  const { conversation, told } = setUp(t);
  conversation.heard({ type: "Welcome", state: "ended", place: 0, minutes: null, name: "", last: 3, answers: {} });
  assert.equal(told("over").length, 1);
});

test("refused words are marked, and are not sent again behind her back", (t) => {
  const { conversation, welcome, told, says } = setUp(t);
  conversation.say("one");
  conversation.heard({ type: "Refused", key: says()[0].key, reason: "closed" });
  conversation.heard(welcome);
  assert.equal(told("refused").length, 1);
  assert.equal(says().length, 1);
});

test("words that were taken back leave the page, once, and the page goes on counting", (t) => {
  const { connection, conversation, told } = setUp(t);
  const wrong = { type: "MessagePosted", seq: 1, author: "advocate", name: "Ana", text: "wrong", key: "k1" };
  conversation.heard(wrong);
  for (let times = 0; times < 2; times += 1) {
    conversation.heard({ type: "MessageWithdrawn", seq: 1 });
    conversation.heard({ type: "MessagePosted", seq: 2, author: "system", name: "Ana", text: "withdrawn", key: "" });
    conversation.heard(wrong);
  }
  assert.equal(told("posted").length, 1);
  assert.deepEqual(told("withdrawn").map(([, entry]) => entry && entry.text), ["wrong", null]);
  assert.deepEqual(told("did"), [["did", "withdrawn", "Ana"]]);
  assert.equal(conversation.transcript.last, 2);
  assert.equal(connection.renewed, 0);
});

test("a page of an older house counts a number it has no words for", (t) => {
  const { connection, conversation } = setUp(t);
  conversation.heard({ type: "SomethingNewer", seq: 1 });
  conversation.heard({ type: "MessagePosted", seq: 1, author: "system", name: "", text: "newer", key: "" });
  assert.equal(conversation.transcript.last, 1);
  assert.equal(connection.renewed, 0);
});

test("a tap waits for a server that knows cards, goes out again under its key, and is no words left behind", (t) => {
  const { connection, conversation, told, welcome } = setUp(t);
  connection.version = "line.2";
  conversation.tap(3, "yes", "Yes");
  const taps = () => connection.said.filter(({ type }) => type === "Tap");
  assert.equal(taps().length, 0);
  assert.deepEqual(conversation.unsent, []);
  connection.version = "line.3";
  conversation.heard(welcome);
  conversation.heard(welcome);
  assert.equal(taps().length, 2);
  assert.deepEqual(taps().map(({ seq, choice }) => [seq, choice]), [[3, "yes"], [3, "yes"]]);
  assert.equal(taps()[0].key, taps()[1].key);
  conversation.heard({ type: "MessageAccepted", key: taps()[0].key, seq: 4 });
  conversation.heard(welcome);
  assert.equal(taps().length, 2);
  const back = { type: "MessagePosted", seq: 4, author: "visitor", name: "", text: "Yes", key: taps()[0].key };
  conversation.heard(Object.assign(back, { of: 3, choice: "yes" }));
  assert.equal(told("posted").length, 1);
  assert.deepEqual(told("tapped"), [["tapped", 3, "yes"], ["tapped", 3, "yes"]]);
});

test("a tap that has not arrived keeps its words, to be drawn again after a cover", (t) => {
  const { connection, conversation } = setUp(t);
  connection.version = "line.3";
  conversation.tap(3, "yes", "Yes");
  assert.deepEqual([...conversation.outbox.waiting.values()].map(({ words }) => words), ["Yes"]);
  assert.deepEqual(conversation.unsent, []);
});

test("a cover is told to a house that knows covers, also where the page knows something newer", (t) => {
  const { connection, conversation, welcome } = setUp(t);
  const covers = () => connection.said.filter(({ type }) => type === "Cover");
  connection.version = "line.2";
  conversation.cover(true);
  assert.equal(covers().length, 0);
  for (const version of ["line.3", "line.5"]) {
    connection.version = version;
    connection.said = [];
    conversation.heard(welcome);
    assert.equal(covers().length, 1);
  }
});

test("whoever was handed on is told so by both names, and an older house's joining reads as ever", (t) => {
  const { conversation, told } = setUp(t);
  conversation.heard({ type: "AdvocateJoined", seq: 1, name: "Robin" });
  conversation.heard({ type: "AdvocateJoined", seq: 2, name: "Sam", before: "Robin" });
  conversation.heard({ type: "AdvocateJoined", seq: 2, name: "Sam", before: "Robin" });
  assert.deepEqual(told("joined"), [["joined", "Robin", undefined], ["joined", "Sam", "Robin"]]);
  assert.deepEqual(told("talking").slice(-1), [["talking", "Sam"]]);
});

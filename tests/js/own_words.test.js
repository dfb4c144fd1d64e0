import test from "node:test";
import assert from "node:assert/strict";
import { Conversation } from "../../static/js/chat/conversation.js";
import { readFrame } from "../../static/js/chat/protocol.js";
import { DeskLine } from "../../static/js/desk/desk_line.js";
import { Queue } from "../../static/js/desk/queue.js";
import { Talks } from "../../static/js/desk/talks.js";

// A page whose own words are never posted back: what it is told of them is their number.
function setUp() {
  const connection = { version: "line.6", said: [], renewed: 0, send: (text) => connection.said.push(readFrame(text)), renew: () => (connection.renewed += 1) };
  const told = [];
  const view = new Proxy({}, { get: (_, name) => (...values) => void told.push([name, ...values]) });
  return { connection, view, told, keys: () => connection.said.filter(({ type }) => type === "Say").map(({ key }) => key) };
}

function onHerPage(t) {
  const page = setUp();
  const conversation = new Conversation(page);
  t.after(() => conversation.stop());
  return Object.assign(page, { say: (text) => conversation.say(text), transcript: conversation.transcript, hear: (type, fields) => conversation.heard({ type, ...fields }), other: "advocate" });
}

function atTheDesk() {
  const page = setUp();
  const talks = new Talks();
  const line = new DeskLine({ ...page, talks, queue: new Queue() });
  const talk = talks.open("a");
  return Object.assign(page, { say: (text) => line.say(talk, text), transcript: talk.transcript, hear: (type, fields) => line.heard({ type, conversation: "a", ...fields }), other: "visitor" });
}

for (const [where, open] of [["her page", onHerPage], ["the desk", atTheDesk]]) {
  const posted = (page, seq) => page.hear("MessagePosted", { seq, author: page.other, name: "", text: `told ${seq}`, key: `key ${seq}` });
  const texts = ({ transcript }) => transcript.entries.map(({ text }) => text);

  test(`on ${where} a number that is only acknowledged counts: nothing is missing after it`, (t) => {
    const page = open(t);
    page.say("one");
    page.hear("MessageAccepted", { key: page.keys()[0], seq: 1 });
    posted(page, 2);
    page.say("three");
    page.hear("MessageAccepted", { key: page.keys()[1], seq: 3 });
    posted(page, 4);
    assert.deepEqual(texts(page), ["one", "told 2", "three", "told 4"]);
    assert.deepEqual([page.transcript.last, page.connection.renewed], [4, 0]);
  });

  test(`on ${where} an acknowledgement ahead of the other side's words waits for them and moves no Resume`, (t) => {
    const page = open(t);
    page.say("two");
    page.hear("MessageAccepted", { key: page.keys()[0], seq: 2 });
    assert.equal(page.transcript.last, 0);
    assert.equal(page.connection.renewed, 0);
    posted(page, 1);
    assert.deepEqual(texts(page), ["told 1", "two"]);
    assert.deepEqual([page.transcript.last, page.connection.renewed], [2, 0]);
  });

  test(`on ${where} a number below an acknowledged one that never comes is noticed with the next`, (t) => {
    const page = open(t);
    page.say("two");
    page.hear("MessageAccepted", { key: page.keys()[0], seq: 2 });
    posted(page, 3);
    assert.deepEqual([page.transcript.last, page.connection.renewed], [0, 1]);
  });

  test(`on ${where} words whose acknowledgement was cut off are told whole by the next line, and stand once`, (t) => {
    const page = open(t);
    page.say("one");
    const [key] = page.keys();
    const author = page.other === "visitor" ? "advocate" : "visitor";
    page.hear("MessagePosted", { seq: 1, author, name: "", text: "one", key });
    page.hear("MessageAccepted", { key, seq: 1 });
    page.hear("MessagePosted", { seq: 1, author, name: "", text: "one", key });
    assert.deepEqual(texts(page), ["one"]);
    assert.deepEqual([page.transcript.last, page.connection.renewed], [1, 0]);
    assert.equal(page.told.filter(([what]) => what === "posted").length, 1);
  });
}

test("words of hers that were only acknowledged may be taken back like any", () => {
  const page = atTheDesk();
  page.say("one");
  page.hear("MessageAccepted", { key: page.keys()[0], seq: 1, unsend_s: 5 });
  assert.equal(page.told.filter(([what]) => what === "mayUnsend").length, 1);
  page.hear("MessageWithdrawn", { seq: 1, was_shown: "no" });
  page.hear("MessagePosted", { seq: 2, author: "system", name: "Robin", text: "withdrawn", key: "" });
  assert.deepEqual([page.transcript.entries.length, page.transcript.last, page.connection.renewed], [0, 2, 0]);
});

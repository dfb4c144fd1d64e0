import test from "node:test";
import assert from "node:assert/strict";
import { Choice } from "../../static/js/chat/choice.js";
import { Conversation } from "../../static/js/chat/conversation.js";
import { HeldOff } from "../../static/js/chat/held_off.js";
import { readFrame } from "../../static/js/chat/protocol.js";

const LINE = "This chat is stopped for some hours.";

// A page that was told that its talk is stopped: what it said to the house, how its bubbles stand, what was read out.
function setUp(t) {
  const said = [];
  const states = new Map();
  const spoken = [];
  const known = {
    marked: (entry, state) => entry && states.set(entry.text, state),
    refused: () => spoken.push("refused"),
    announcer: { say: (text) => spoken.push(text) },
    words: { say: (name) => name },
    lineState: { meet() {} },
  };
  const view = new Proxy(known, { get: (target, name) => target[name] ?? (() => undefined) });
  const conversation = new Conversation({ connection: { send: (text) => said.push(readFrame(text)) }, view });
  const place = {};
  const waitingRoom = { place, show() {}, again() {}, waits() {}, move() {} };
  t.after(() => conversation.stop());
  new HeldOff({ conversation, waitingRoom, besides: [] });
  const system = (seq, text) => ({ type: "MessagePosted", seq, author: "system", name: "", text, line: LINE, key: "" });
  const says = () => said.filter(({ type }) => type === "Say").map(({ text }) => text);
  const refuses = () => conversation.heard({ type: "Refused", key: said[said.length - 1].key, reason: "held_off" });
  conversation.heard(system(1, "held_off"));
  return { conversation, place, refuses, says, spoken, states, system };
}

test("what is not taken while a talk is stopped says why, and offers no tap that could not help", (t) => {
  const { conversation, place, refuses, says, spoken, states } = setUp(t);
  conversation.say("three");
  refuses();
  assert.equal(place.textContent, LINE);
  assert.equal(states.get("three"), "notNow");
  assert.deepEqual(spoken, ["notNow"]);
  conversation.resend();
  assert.deepEqual(says(), ["three"]);
});

test("once she is let in, what waited goes out once, in its order", (t) => {
  const { conversation, refuses, says, states, system } = setUp(t);
  for (const words of ["three", "four"]) {
    conversation.say(words);
    refuses();
  }
  conversation.heard(system(2, "let_in"));
  assert.deepEqual(says(), ["three", "four", "three", "four"]);
  assert.equal(states.get("four"), "sending");
});

test("words that were refused behind a cover come back with the same reason", (t) => {
  const { conversation } = setUp(t);
  conversation.say("three");
  conversation.cover(true, "");
  const { key } = [...conversation.outbox.waiting.values()][0];
  conversation.heard({ type: "Refused", key, reason: "held_off" });
  assert.equal(conversation.outbox.waiting.get(key).state, "notNow");
});

test("the choice of a stopped talk stands at once, and its heading is read out only where it stands", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const spoken = [];
  const form = { dataset: { after: "300" }, addEventListener() {}, scrollIntoView() {} };
  const heading = { textContent: "No one is free yet.", hidden: true };
  const stay = { addEventListener() {} };
  const announcer = { say: (text) => spoken.push(text) };
  const choice = new Choice({ form, heading, stay, announcer, isWriting: () => false });
  choice.waits(9e9);
  t.mock.timers.tick(0);
  assert.equal(form.hidden, false);
  assert.deepEqual(spoken, []);
  heading.hidden = false;
  choice.waits(300);
  t.mock.timers.tick(0);
  assert.deepEqual(spoken, ["No one is free yet."]);
});

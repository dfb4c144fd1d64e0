import test from "node:test";
import assert from "node:assert/strict";

const nothing = () => {};
const part = () => ({ hidden: true, textContent: "", listeners: {}, remove: nothing, addEventListener(name, act) { this.listeners[name] = act; } });
const box = (dataset = {}) => {
  const parts = {};
  return { hidden: true, dataset, parts, querySelector: (asked) => (parts[asked.match(/"(.+)"/)[1]] ??= part()) };
};
const words = { say: (name) => name, nameOf: () => "Person 1" };

globalThis.document = { addEventListener: nothing, activeElement: null, body: null };
globalThis.XMLHttpRequest = class {
  open() {}
  send() {}
};
const { Hard } = await import("../../static/js/desk/hard.js");
const { Recording } = await import("../../static/js/desk/recording.js");

test("a record that is not finished is asked for once, five minutes before the words go", () => {
  const told = [];
  const talk = { id: "c", isOver: true, role: "owner", card: {}, wipedAt: 30 * 60000 };
  const recording = new Recording({ element: box({ address: "/r" }), talk, words, tell: (said) => told.push(said), isActive: () => false });
  recording.form = { form: part() };

  recording.draw(24 * 60000);
  assert.deepEqual(told, []);
  recording.draw(25 * 60000 + 1);
  recording.draw(26 * 60000);
  assert.deepEqual(told, ["recordAsk"]);
});

test("of a record that is kept, and of practice, nothing is asked", () => {
  for (const [address, card] of [["/r", { recorded: true }], ["", {}]]) {
    const told = [];
    const talk = { id: "c", isOver: true, role: "owner", card, wipedAt: 60000 };
    const recording = new Recording({ element: box({ address }), talk, words, tell: (said) => told.push(said), isActive: () => false });
    recording.form = { form: part() };
    recording.draw(0);
    assert.deepEqual(told, []);
  }
});

const after = ({ danger = "coming", shift = "ready", isLast = false, minutes = 10 } = {}) => {
  const turns = [];
  const queue = { shift, isLast, onCall: "Sam" };
  const hard = new Hard({ box: box(), minutes, queue, words, turn: (state) => turns.push((queue.shift = state)) });
  hard.over({ role: "owner", card: { danger } }, 0);
  return { hard, queue, turns, at: (name) => hard.box.parts[name] };
};

test("after a hard conversation she is taken out of the line for so long, and is back by one press at any moment", () => {
  const { hard, turns, at } = after({ shift: "on_call" });
  assert.deepEqual(turns, ["wrap_up"]);
  assert.equal(hard.box.hidden, false);
  assert.equal(at("clock").textContent, "10:00");
  assert.equal(at("more").hidden, true);

  hard.draw(10 * 60000 + 1);
  assert.equal(at("said").textContent, "hardOver");
  assert.equal(at("more").hidden, false, "it asks, and does not put her back by itself");
  assert.deepEqual(turns, ["wrap_up"]);
  at("ready").listeners.click();
  assert.deepEqual(turns, ["wrap_up", "on_call"]);
  assert.equal(hard.box.hidden, true);
});

test("the last one is told whom to ask in place of being taken away, and without danger or minutes nothing happens", () => {
  const last = after({ isLast: true });
  assert.deepEqual(last.turns, []);
  assert.equal(last.at("said").textContent, "hardLast");
  for (const given of [{ danger: "" }, { shift: "break" }, { minutes: 0 }]) {
    const { turns, hard } = after(given);
    assert.deepEqual([turns, hard.box.hidden], [[], true]);
  }
});

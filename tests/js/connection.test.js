import test from "node:test";
import assert from "node:assert/strict";
import { CLOSED } from "../../static/js/chat/connection.js";
import { CONNECTED } from "../../static/js/chat/connection.js";
import { Connection } from "../../static/js/chat/connection.js";
import { GONE } from "../../static/js/chat/connection.js";
import { WEAK } from "../../static/js/chat/connection.js";
import { readFrame } from "../../static/js/chat/protocol.js";

const PACE = { beat: 40, weak: 20, dead: 60, probe: 15, connect: 50, retries: [5, 10] };
const rest = (wait) => new Promise((done) => setTimeout(done, wait));

// A line to a server that answers, stays silent, or refuses, as the test says.
class Line {
  constructor(server) {
    this.server = server;
    this.isClosed = false;
    server.calls += 1;
    setTimeout(() => {
      if (this.isClosed) return;
      if (server.refuses) this.onclose?.({ code: server.code ?? 1006 });
      else this.onopen?.();
    }, 1);
  }

  send(text) {
    const frame = readFrame(text);
    this.server.heard.push(frame.type);
    if (!this.server.answers) return;
    setTimeout(() => this.onmessage?.({ data: JSON.stringify({ type: frame.type === "Resume" ? "Welcome" : "Here" }) }), 1);
  }

  close() {
    this.isClosed = true;
  }
}

function setUp(server = {}) {
  Object.assign(server, { calls: 0, heard: [], answers: true, refuses: false, ...server });
  const states = [];
  const ended = [];
  const connection = new Connection({
    open: () => (server.line = new Line(server)),
    hello: () => JSON.stringify({ type: "Resume" }),
    heard: () => {},
    changed: (state) => states.push(state),
    ended: (code) => ended.push(code),
    pace: PACE,
    random: () => 0.5,
  });
  return { server, states, ended, connection };
}

test("the first frame on every line is Resume, and the line counts only once the server answered", async () => {
  const { server, states, connection } = setUp();
  connection.start();
  await rest(15);
  assert.equal(server.heard[0], "Resume");
  assert.deepEqual(states, ["connecting", CONNECTED]);
  connection.close();
});

test("a cut line is called again until it answers, and never given up", async () => {
  const { server, states, connection } = setUp({ refuses: true });
  connection.start();
  await rest(120);
  assert.ok(server.calls > 5, `only ${server.calls} calls`);
  server.refuses = false;
  await rest(40);
  assert.equal(states.at(-1), CONNECTED);
  connection.close();
});

test("a beat goes out even while the server keeps talking", async () => {
  const { server, connection } = setUp();
  connection.start();
  await rest(10);
  const talk = setInterval(() => server.line.onmessage?.({ data: '{"type":"Typing"}' }), 10);
  await rest(120);
  clearInterval(talk);
  assert.ok(server.heard.filter((type) => type === "Here").length >= 2);
  connection.close();
});

test("silence is first weak, then gone, and a new line is called", async () => {
  const { server, states, connection } = setUp();
  connection.start();
  await rest(10);
  server.answers = false;
  await rest(130);
  assert.ok(states.includes(WEAK));
  assert.ok(states.includes(GONE));
  assert.ok(states.indexOf(WEAK) < states.indexOf(GONE));
  assert.ok(server.calls >= 2);
  connection.close();
});

test("a page that comes back into view finds a dead line within its probe", async () => {
  const { server, connection } = setUp();
  connection.start();
  await rest(10);
  server.answers = false;
  connection.wake();
  await rest(18);
  server.answers = true;
  await rest(20);
  assert.equal(server.calls, 2);
  assert.equal(connection.state, CONNECTED);
  connection.close();
});

test("waking a line that waits for its next try calls at once", async () => {
  const { server, connection } = setUp({ refuses: true });
  connection.pace = { ...PACE, retries: [10000] };
  connection.start();
  await rest(15);
  assert.equal(server.calls, 1);
  server.refuses = false;
  connection.wake();
  await rest(15);
  assert.equal(connection.state, CONNECTED);
  connection.close();
});

test("a final answer stops the calling and is told once", async () => {
  const { server, ended, connection } = setUp({ refuses: true, code: 4404 });
  connection.start();
  await rest(40);
  assert.deepEqual(ended, [4404]);
  assert.equal(server.calls, 1);
  assert.equal(connection.state, CLOSED);
});

test("a closed connection sends nothing and calls nobody", async () => {
  const { server, connection } = setUp();
  connection.start();
  await rest(10);
  connection.close();
  const { calls } = server;
  assert.equal(connection.send("{}"), false);
  connection.wake();
  await rest(60);
  assert.equal(server.calls, calls);
});

test("a server that refuses to be opened at all is only another failure", async () => {
  const { states, connection } = setUp();
  connection.open = () => {
    throw new Error("no network");
  };
  connection.start();
  await rest(20);
  assert.equal(states.at(-1) === GONE || states.at(-1) === "connecting", true);
  connection.close();
});

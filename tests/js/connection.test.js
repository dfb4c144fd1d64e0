import test from "node:test";
import assert from "node:assert/strict";
import { CLOSED, CONNECTED, Connection, GONE, WEAK } from "../../static/js/chat/connection.js";
import { readFrame } from "../../static/js/chat/protocol.js";

const PACE = { beat: 60, weak: 40, dead: 150, probe: 80, connect: 300, retries: [5, 10] };
const rest = (wait) => new Promise((done) => setTimeout(done, wait));

// Waits for what must become true, however slow the machine is today.
async function until(claim) {
  for (let tries = 0; tries < 500; tries += 1) {
    if (claim()) return;
    await rest(10);
  }
  assert.ok(claim(), `never came true: ${claim}`);
}

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
    const { type } = readFrame(text);
    this.server.heard.push(type);
    if (!this.server.answers) return;
    const answer = JSON.stringify({ type: type === "Resume" ? "Welcome" : "Here" });
    setTimeout(() => this.onmessage?.({ data: answer }), 1);
  }

  close() {
    this.isClosed = true;
  }
}

function setUp(t, { refuses = false, code = 1006, pace = PACE } = {}) {
  const server = { calls: 0, heard: [], answers: true, refuses, code };
  const states = [];
  const ended = [];
  const connection = new Connection({
    open: () => (server.line = new Line(server)),
    hello: () => JSON.stringify({ type: "Resume" }),
    heard: () => {},
    changed: (state) => states.push(state),
    ended: (closing) => ended.push(closing),
    pace,
    random: () => 0.5,
  });
  t.after(() => connection.close());
  return { server, states, ended, connection };
}

test("the first frame on every line is Resume, and the line counts only once the server answered", async (t) => {
  const { server, states, connection } = setUp(t);
  connection.start();
  assert.deepEqual(states, ["connecting"]);
  await until(() => connection.state === CONNECTED);
  assert.equal(server.heard[0], "Resume");
});

test("a cut line is called again until it answers, and never given up", async (t) => {
  const { server, connection } = setUp(t, { refuses: true });
  connection.start();
  await until(() => server.calls > 8);
  server.refuses = false;
  await until(() => connection.state === CONNECTED);
});

test("a beat goes out even while the server keeps talking", async (t) => {
  const { server, connection } = setUp(t);
  connection.start();
  await until(() => connection.state === CONNECTED);
  const talk = setInterval(() => server.line.onmessage?.({ data: '{"type":"Typing"}' }), 10);
  t.after(() => clearInterval(talk));
  await until(() => server.heard.filter((type) => type === "Here").length >= 2);
});

test("silence is first weak, then gone, and a new line is called", async (t) => {
  const { server, states, connection } = setUp(t);
  connection.start();
  await until(() => connection.state === CONNECTED);
  server.answers = false;
  await until(() => states.includes(GONE));
  assert.ok(states.includes(WEAK));
  assert.ok(states.indexOf(WEAK) < states.indexOf(GONE));
  await until(() => server.calls >= 2);
});

test("a page that comes back into view finds a dead line within its probe", async (t) => {
  const { server, connection } = setUp(t, { pace: { ...PACE, beat: 60000, dead: 60000 } });
  connection.start();
  await until(() => connection.state === CONNECTED);
  server.answers = false;
  connection.wake();
  await until(() => connection.state !== CONNECTED);
  server.answers = true;
  await until(() => connection.state === CONNECTED);
  assert.equal(server.calls, 2);
});

test("waking a line that waits for its next try calls at once", async (t) => {
  const { server, connection } = setUp(t, { refuses: true, pace: { ...PACE, retries: [60000] } });
  connection.start();
  await until(() => connection.state === GONE);
  server.refuses = false;
  connection.wake();
  await until(() => connection.state === CONNECTED);
  assert.equal(server.calls, 2);
});

test("a call begun before the phone slept is given up soon after it woke", async (t) => {
  const { server, connection } = setUp(t, { pace: { ...PACE, connect: 60000 } });
  server.answers = false;
  connection.start();
  await until(() => server.heard.length > 0);
  connection.wake();
  await until(() => server.calls >= 2);
});

test("a slow line is given as long to answer a look as it took to open", async (t) => {
  const { server, connection } = setUp(t, { pace: { ...PACE, beat: 60000, probe: 20 } });
  connection.start();
  await until(() => connection.state === CONNECTED);
  connection.took = 60000;
  server.answers = false;
  connection.wake();
  await rest(100);
  assert.equal(connection.state, WEAK);
  assert.equal(server.calls, 1);
});

test("a line that keeps its own beat is not beaten for", async (t) => {
  const { server, connection } = setUp(t);
  const open = connection.open;
  connection.open = () => Object.assign(open(), { keepsBeat: true });
  connection.start();
  await until(() => connection.state === CONNECTED);
  await rest(PACE.beat * 4);
  assert.deepEqual(server.heard, ["Resume"]);
  assert.ok(server.line.wasHeard);
});

test("a better road is taken without a word of the line being gone", async (t) => {
  const { server, states, connection } = setUp(t);
  connection.start();
  await until(() => connection.state === CONNECTED);
  connection.again();
  await until(() => server.calls === 2 && connection.state === CONNECTED);
  assert.ok(!states.includes(GONE));
  connection.close();
  connection.again();
  assert.equal(server.calls, 2);
});

test("a final answer stops the calling and is told once", async (t) => {
  const { server, ended, connection } = setUp(t, { refuses: true, code: 4404 });
  connection.start();
  await until(() => connection.state === CLOSED);
  await rest(40);
  assert.deepEqual(ended, [4404]);
  assert.equal(server.calls, 1);
});

test("a closed connection sends nothing and calls nobody", async (t) => {
  const { server, connection } = setUp(t);
  connection.start();
  await until(() => connection.state === CONNECTED);
  connection.close();
  const { calls } = server;
  assert.equal(connection.send("{}"), false);
  connection.wake();
  await rest(60);
  assert.equal(server.calls, calls);
});

test("a line that cannot even be called is only another failure", async (t) => {
  const { states, connection } = setUp(t);
  connection.open = () => {
    throw new Error("no network");
  };
  connection.start();
  await until(() => states.filter((state) => state === GONE).length > 2);
});

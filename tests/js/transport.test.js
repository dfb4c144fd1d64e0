import test from "node:test";
import assert from "node:assert/strict";
import { Transport } from "../../static/js/chat/transport.js";

const rest = (wait) => new Promise((done) => setTimeout(done, wait));

function setUp(t, { hasSockets = true, again = 60000 } = {}) {
  const world = { now: 0, opened: [], isOpenBeside: 0 };
  const socket = () => {
    const line = { kind: "socket", close: () => {} };
    world.opened.push(line);
    return line;
  };
  const transport = new Transport({
    socket: hasSockets ? socket : null,
    poll: () => ({ kind: "poll" }),
    again: () => (world.isOpenBeside += 1),
    trial: { lived: 90000, again },
    now: () => world.now,
  });
  t.after(() => transport.stop());
  // One line, heard or not, that lives so long.
  const lives = (heard, milliseconds) => {
    const line = transport.open();
    line.wasHeard = heard;
    world.now += milliseconds;
    return line.kind;
  };
  return { transport, world, lives };
}

test("a socket that never opens is tried twice, then questions are asked", (t) => {
  const { lives } = setUp(t);
  assert.deepEqual([lives(false, 50), lives(false, 50), lives(true, 50)], ["socket", "socket", "poll"]);
});

test("a socket that is cut off soon, twice, falls to questions too", (t) => {
  const { lives } = setUp(t);
  assert.deepEqual([lives(true, 60000), lives(true, 60000), lives(true, 50)], ["socket", "socket", "poll"]);
});

test("a socket that lived long enough works, whatever broke it", (t) => {
  const { lives } = setUp(t);
  const kinds = [lives(false, 50), lives(true, 90000), lives(false, 50), lives(true, 90000), lives(true, 1)];
  assert.deepEqual(kinds, ["socket", "socket", "socket", "socket", "socket"]);
});

test("where asking does not work either it was the network, and sockets are tried again", (t) => {
  const { lives } = setUp(t);
  const kinds = [lives(false, 50), lives(false, 50), lives(false, 50), lives(true, 1)];
  assert.deepEqual(kinds, ["socket", "socket", "poll", "socket"]);
});

test("a browser without sockets asks from the first and tries nothing else", async (t) => {
  const { lives, world } = setUp(t, { hasSockets: false, again: 1 });
  assert.equal(lives(true, 50), "poll");
  assert.equal(lives(false, 50), "poll");
  assert.equal(lives(true, 50), "poll");
  await rest(20);
  assert.equal(world.opened.length, 0);
});

test("while questions are asked a socket is opened beside them now and then, less and less often", async (t) => {
  const { transport, world, lives } = setUp(t, { again: 20 });
  lives(false, 50);
  lives(false, 50);
  lives(true, 50);
  await rest(200);
  const tries = world.opened.length - 2;
  assert.ok(tries >= 1 && tries <= 4, `${tries} tries`);
  assert.equal(world.isOpenBeside, 0);
  world.opened[world.opened.length - 1].onopen();
  assert.equal(world.isOpenBeside, 1);
  // The line is called anew: by a socket, and one more break of it is enough.
  assert.equal(lives(false, 50), "socket");
  assert.equal(transport.open().kind, "poll");
});

test("nothing is tried any more once the talk is over", async (t) => {
  const { transport, world, lives } = setUp(t, { again: 10 });
  lives(false, 50);
  lives(false, 50);
  lives(true, 50);
  transport.stop();
  await rest(50);
  assert.equal(world.opened.length, 2);
});

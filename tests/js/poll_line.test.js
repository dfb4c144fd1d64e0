import test from "node:test";
import assert from "node:assert/strict";

// A server behind a request that can be answered, refused, cut off or left hanging, as the test says.
const server = { asked: [], answer: () => null };

globalThis.XMLHttpRequest = class {
  open(method, address) {
    Object.assign(this, { method, address, status: 0, responseText: "" });
  }

  setRequestHeader() {}

  send(body) {
    this.body = JSON.parse(body);
    server.asked.push(this);
    Promise.resolve(server.answer(this)).then((given) => {
      if (given === null || this.isAborted) return;
      const [status, told] = given;
      Object.assign(this, { status, responseText: typeof told === "string" ? told : JSON.stringify(told) });
      if (this.onloadend) this.onloadend();
    });
  }

  abort() {
    this.isAborted = true;
    if (this.onloadend) this.onloadend();
  }
};

const { PollLine } = await import("../../static/js/chat/poll_line.js");

async function until(claim) {
  for (let tries = 0; tries < 500; tries += 1) {
    if (claim()) return;
    await new Promise((done) => setTimeout(done, 5));
  }
  assert.ok(claim(), `never came true: ${claim}`);
}

const say = (text) => JSON.stringify({ type: "Say", text });

function setUp(t, answer) {
  server.asked = [];
  server.answer = answer;
  const heard = [];
  const codes = [];
  let last = 0;
  const line = new PollLine({ address: "/line", hello: () => JSON.stringify({ type: "Resume", last }), wait: 25 });
  line.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    heard.push(frame);
    if (frame.seq) last = frame.seq;
  };
  line.onclose = ({ code }) => codes.push(code);
  t.after(() => line.close());
  const of = (what) => server.asked.filter(({ address }) => address === `/line/${what}`);
  return { line, heard, codes, of };
}

test("the first question waits for nothing, the next ones do, from the last number seen and with what is known", async (t) => {
  const answers = [
    [200, { told: [{ type: "Welcome" }, { type: "MessagePosted", seq: 1 }], known: "2/5" }],
    [200, { told: [{ type: "MessagePosted", seq: 2 }], known: "1/3" }],
  ];
  const { heard, of } = setUp(t, () => answers.shift() || null);
  await until(() => of("hear").length === 3);
  assert.deepEqual(heard.map(({ type }) => type), ["Welcome", "MessagePosted", "MessagePosted"]);
  const asked = of("hear").map(({ body }) => [body.wait, body.known, body.resume.last]);
  assert.deepEqual(asked, [[0, "", 0], [25, "2/5", 1], [25, "1/3", 2]]);
});

test("words go one request after the other, in their order; what is written meanwhile goes together", async (t) => {
  let answered = null;
  const { line, of } = setUp(t, ({ address }) =>
    address === "/line/say" ? new Promise((done) => (answered = () => done([200, { told: [] }]))) : null,
  );
  for (const text of ["one", "two", "three"]) line.send(say(text));
  assert.equal(of("say").length, 1);
  await until(() => answered);
  answered();
  await until(() => of("say").length === 2);
  const said = of("say").map(({ body }) => body.said.map(({ text }) => text));
  assert.deepEqual(said, [["one"], ["two", "three"]]);
});

test("no request grows beyond its bound, and a long message goes alone", async (t) => {
  const { line, of } = setUp(t, ({ address }) => (address === "/line/say" ? [200, { told: [] }] : null));
  line.send(say("first"));
  for (let number = 0; number < 4; number += 1) line.send(say("x".repeat(5000)));
  await until(() => of("say").length === 5);
  assert.deepEqual(of("say").map(({ body }) => body.said.length), [1, 1, 1, 1, 1]);
});

test("signs of typing and of reading cost no request", (t) => {
  const { line, of } = setUp(t, () => null);
  line.send(JSON.stringify({ type: "Typing" }));
  line.send(JSON.stringify({ type: "Seen", seq: 3 }));
  line.send(JSON.stringify({ type: "Here" }));
  assert.deepEqual(of("say").map(({ body }) => body.said[0].type), ["Here"]);
});

for (const [name, given, code] of [
  ["the house says it is over", [200, { closed: 4404 }], 4404],
  ["the door is too busy", [503, { phrase: "error.busy" }], 4503],
  ["the line is cut", [0, ""], 1006],
  ["something between answers in the house's place", [200, "<html>Sign in to this network</html>"], 1006],
  ["something between says that there is no such page", [404, "not found"], 1006],
  ["something between answers with other JSON", [200, "null"], 1006],
]) {
  test(`the line ends once when ${name}`, async (t) => {
    const { line, codes, of } = setUp(t, () => given);
    await until(() => codes.length === 1);
    assert.deepEqual(codes, [code]);
    line.send(say("too late"));
    await new Promise((done) => setTimeout(done, 20));
    assert.equal(codes.length, 1);
    assert.equal(of("hear").length, 1);
  });
}

test("a question cut off while it waited is asked again with a shorter wait, and the line stands", async (t) => {
  let cuts = 0;
  const welcome = [200, { told: [{ type: "Welcome" }], known: "1/2" }];
  const { codes, of } = setUp(t, ({ body }) => {
    if (body.wait === 0) return welcome;
    return body.wait === 25 && (cuts += 1) === 1 ? [0, ""] : null;
  });
  await until(() => of("hear").length === 3);
  assert.deepEqual(of("hear").map(({ body }) => [body.wait, body.known]), [[0, ""], [25, "1/2"], [20, "1/2"]]);
  assert.deepEqual(codes, []);
});

test("a line that is really cut ends with the next question", async (t) => {
  const welcome = [200, { told: [{ type: "Welcome" }], known: "1/2" }];
  const { codes, of } = setUp(t, ({ body }) => (body.wait === 0 ? welcome : [0, ""]));
  await until(() => codes.length === 1);
  assert.deepEqual(codes, [1006]);
  assert.equal(of("hear").length, 3);
});

test("a closed line asks and tells nothing more", async (t) => {
  let answer = null;
  const { line, heard, codes, of } = setUp(t, () => new Promise((done) => (answer = done)));
  await until(() => answer);
  line.close();
  answer([200, { told: [{ type: "Welcome" }], known: "" }]);
  await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual([heard, codes], [[], []]);
  assert.equal(of("hear").length, 1);
});

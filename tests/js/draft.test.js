import test from "node:test";
import assert from "node:assert/strict";
import { Draft, newKey, read, write } from "../../static/js/tips/draft.js";

const field = (name, type, value, checked = false) => ({ name, type, value, checked, closest: () => null });

// A form, a house that answers when it is told to, and a clock that is wound by hand.
function setUp(fields = [field("words", "textarea", "")]) {
  const posts = [], shown = [], waiting = [];
  let keys = 0;
  const draft = new Draft({
    fields: () => fields,
    start: "start",
    post: (said, done) => posts.push({ said: JSON.parse(JSON.stringify(said)), done }),
    show: (word, act) => shown.push(`${word} ${act}`),
    later: (act, pause) => waiting.push({ act, pause }),
    key: () => `key ${(keys += 1)}`,
  });
  const passes = () => waiting.splice(0).forEach(({ act }) => act());
  draft.on();
  return { draft, fields, posts, shown, waiting, passes };
}

test("what is typed goes to the house once, and again only when it changed", () => {
  const { draft, fields, posts, shown, passes } = setUp();
  fields[0].value = "one";
  draft.typed();
  passes();
  assert.deepEqual(posts.map(({ said }) => said.f), [{ words: "one" }]);
  draft.typed();
  passes();
  assert.equal(posts.length, 1, "one at a time");
  fields[0].value = "one two";
  posts[0].done({ kept: true });
  passes();
  assert.deepEqual(posts[1].said.f, { words: "one two" });
  posts[1].done({ kept: true });
  draft.typed();
  passes();
  assert.equal(posts.length, 2);
  assert.equal(shown[shown.length - 1], "kept off");
});

test("nothing is asked before anything stands in the form", () => {
  const { draft, posts, passes } = setUp();
  draft.typed();
  passes();
  assert.deepEqual(posts, []);
});

test("a copy that was not kept is said, and tried again", () => {
  const { fields, posts, shown, passes } = setUp();
  fields[0].value = "one";
  passes();
  posts[0].done(null);
  assert.equal(shown[shown.length - 1], "soon off");
  passes();
  assert.equal(posts.length, 2);
});

test("off takes the copy away, keeps nothing more, and on begins with another key", () => {
  const { draft, fields, posts, shown, passes } = setUp();
  fields[0].value = "one";
  passes();
  posts[0].done({ kept: true });
  draft.off();
  assert.deepEqual(posts[1].said, { d: "key 1", do: "off" });
  assert.equal(shown[shown.length - 1], "none on");
  fields[0].value = "two";
  draft.typed();
  passes();
  draft.keep();
  assert.equal(posts.length, 2);
  draft.on();
  passes();
  assert.equal(posts[2].said.d, "key 2");
});

test("what was under way when it was switched off is taken away after it", () => {
  const { draft, fields, posts, passes } = setUp();
  fields[0].value = "one";
  passes();
  draft.off();
  posts[0].done({ kept: true });
  assert.deepEqual(posts.slice(1).map(({ said }) => said), [{ d: "key 1", do: "off" }, { d: "key 1", do: "off" }]);
});

test("a page that goes takes its copy along", () => {
  const { draft, fields, posts, passes } = setUp();
  fields[0].value = "one";
  passes();
  posts[0].done({ kept: true });
  draft.leaves(false);
  assert.deepEqual(posts[1].said, { d: "key 1", do: "off" });
  fields[0].value = "";
  draft.keep();
  assert.equal(posts.length, 2);
});

test("a page put aside keeps its last words, and shows them again by a tap alone", () => {
  const { draft, fields, posts, shown, passes } = setUp();
  fields[0].value = "one";
  draft.leaves(true);
  assert.deepEqual(posts[0].said.f, { words: "one" });
  fields[0].value = "";
  draft.isBack();
  assert.equal(shown[shown.length - 1], "back back");
  fields[0].value = "two";
  draft.typed();
  passes();
  assert.equal(posts.length, 1, "what waits to be shown is not written over");
  draft.back();
  assert.deepEqual(posts[1].said, { d: "key 1", do: "back" });
  posts[1].done({ kept: true, f: { words: "one" } });
  assert.equal(fields[0].value, "one two");
});

test("a page put aside after the exit asks for nothing", () => {
  const { draft, fields, posts, passes } = setUp();
  fields[0].value = "one";
  passes();
  posts[0].done({ kept: true });
  assert.equal(draft.ends(), "key 1");
  draft.leaves(true);
  draft.isBack();
  assert.equal(posts.length, 1);
});

test("taps are read by their values and written back; what is hidden is neither", () => {
  const form = [
    field("k", "hidden", "start"),
    field("words", "textarea", "a\nb"),
    field("soon", "radio", "1"),
    field("soon", "radio", "2", true),
    field("ok", "checkbox", "1", true),
    field("ok", "checkbox", "3", true),
    field("area", "select-one", ""),
    field("keep", "submit", "1"),
  ];
  const said = read(form);
  assert.deepEqual(said, { words: "a\nb", soon: "2", ok: "1 3" });
  const empty = form.map(({ name, type, value }) => field(name, type, /radio|box|hidden|submit/.test(type) ? value : ""));
  write(empty, said);
  assert.deepEqual(read(empty), said);
});

test("a key is 32 random bytes as the house reads them", () => {
  const keys = Array.from({ length: 50 }, newKey);
  assert.equal(new Set(keys).size, 50);
  for (const key of keys) assert.match(key, /^[A-Za-z0-9_-]{43}$/);
});

test("a watcher of the line sees steps, not how much was typed", () => {
  const { fields, posts, passes } = setUp();
  fields[0].value = "x".repeat(100);
  passes();
  const first = JSON.stringify(posts[0].said).length;
  posts[0].done({ kept: true });
  fields[0].value = "x".repeat(120);
  passes();
  const second = setUp([field("words", "textarea", "x".repeat(120))]);
  second.passes();
  assert.equal(JSON.stringify(second.posts[0].said).length, first);
});

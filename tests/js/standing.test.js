import test from "node:test";
import assert from "node:assert/strict";
import { Talks } from "../../static/js/desk/talks.js";
import { GREETING, Standing, isChild, keptWords } from "../../static/js/desk/standing.js";

const told = (...lines) => {
  const standing = new Standing();
  for (const [kind, name] of lines) standing.happened(kind, name);
  return standing;
};

test("who reads along stands on the card until she reads no more, or holds it herself", () => {
  assert.deepEqual([...told(["watched", "Sam"], ["watched", "Ana"], ["unwatched", "Sam"]).readers], ["Ana"]);
  assert.deepEqual([...told(["watched", "Sam"], ["entered", "Sam"]).readers], ["Sam"]);
  assert.deepEqual([...told(["watched", "Sam"], ["entered", "Sam"], ["went", "Sam"]).readers], []);
  assert.deepEqual([...told(["watched", "Sam"], ["returned", ""], ["joined", "Sam"]).readers], []);
  assert.equal(told(["watched", "Sam"]).cameBack, false);
  assert.equal(told(["back", ""], ["joined", "Sam"]).cameBack, true);
});

test("each who takes her greets once, and whoever is handed her does not greet anew", () => {
  const standing = told(["joined", "Robin"]);
  assert.equal(standing.isGreeted, false);
  standing.isGreeted = true;
  standing.happened("handed", "Sam");
  assert.equal(standing.isGreeted, true);
  standing.happened("returned", "");
  standing.happened("joined", "Ana");
  assert.equal(standing.isGreeted, false);
  // One that was taken back may be said again; another card that goes changes nothing.
  const talk = new Talks().open("a");
  talk.asked.set(2, { card: GREETING, choice: "", text: "" }).set(3, { card: "need", choice: "", text: "" });
  talk.standing.isGreeted = true;
  talk.takesBack(3);
  assert.equal(talk.standing.isGreeted, true);
  talk.takesBack(2);
  assert.equal(talk.standing.isGreeted, false);
});

test("the words she agreed to keep are the latest she said yes to, word for word", () => {
  const one = { card: "keep", text: "May we keep this?\n\n\u2068My brother.\n\nHe is 12.\u2069", choice: "keep" };
  const two = { ...one, text: "May we keep this?\n\n\u2068The red house\u2069" };
  assert.equal(keptWords(new Map()), "");
  assert.equal(keptWords(new Map([[3, one], [5, { card: "need", choice: "doctor", text: "" }]])), "My brother.\n\nHe is 12.");
  assert.equal(keptWords(new Map([[3, one], [5, two]])), "The red house");
  assert.equal(keptWords(new Map([[3, one], [5, { ...two, choice: "keepnot" }]])), "My brother.\n\nHe is 12.");
  assert.equal(keptWords(new Map([[3, { ...one, choice: "" }]])), "");
});

test("she is a child where staff marked it or she tapped so, and nobody guesses otherwise", () => {
  const tapped = (choice) => new Map([[2, { card: "age", choice, text: "" }]]);
  assert.deepEqual(isChild({}, new Map()), { isChild: false, choice: "" });
  assert.deepEqual(isChild({}, tapped("under16")), { isChild: true, choice: "under16" });
  assert.deepEqual(isChild({}, tapped("adult")), { isChild: false, choice: "adult" });
  assert.equal(isChild({ child: true }, tapped("adult")).isChild, true);
  assert.equal(isChild({ danger: "child" }, new Map()).isChild, true);
  assert.equal(isChild({ danger: "child", outcome: "mistake" }, new Map()).isChild, false);
  assert.equal(isChild({ danger: "coming" }, new Map()).isChild, false);
});

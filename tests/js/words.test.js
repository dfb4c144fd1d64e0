import test from "node:test";
import assert from "node:assert/strict";
import { Words } from "../../static/js/chat/words.js";

const said = (given) => new Words({ dataset: given }, "fa");

test("a count is written as the page writes counts, and a name stays as it is", () => {
  const digits = "۰۱۲۳۴۵۶۷۸۹";
  assert.equal(said({ place: "{n} در صف", digits }).say("place", { n: 12 }), "۱۲ در صف");
  assert.equal(said({ minutesOther: "{n} دقیقه", digits }).count("minutes", 30), "۳۰ دقیقه");
  assert.equal(said({ by: "{name}", digits }).say("by", { name: "Robin 2" }), "Robin 2");
  assert.equal(said({ place: "{n} in line" }).say("place", { n: 12 }), "12 in line");
});

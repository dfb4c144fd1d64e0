import test from "node:test";
import assert from "node:assert/strict";
import { copyWords } from "../../static/js/lib/beside.js";

const node = (localName, textContent, given = {}) => ({ localName, textContent, lang: "", dir: "", ...given });

test("an original keeps its language and direction, and everything else becomes plain words", () => {
  globalThis.document = { createElement: (localName) => ({ localName }) };
  const into = { held: [], append: (one) => into.held.push(one) };
  const told = node("dd", "", {
    childNodes: [
      node(undefined, "Llame al "),
      node("a", "911", { href: "tel:911" }),
      node(undefined, ". "),
      node("small", "Call 911.", { lang: "en", dir: "ltr", onclick: "x" }),
    ],
  });

  assert.equal(copyWords(told, into), into);
  assert.deepEqual(into.held, [
    "Llame al ",
    "911",
    ". ",
    { localName: "small", lang: "en", dir: "ltr", textContent: "Call 911." },
  ]);
});

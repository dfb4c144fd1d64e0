// Brings what the talk's page needs only once it has a line: the ways back from a cover, the number to come back with,
// digits for the phone, the ways out of a long wait, another language, what a machine translates, the long notice, and what a stopped talk shows.

import { ask } from "../lib/ask.js";
import { ByPhone } from "./by_phone.js";
import { Choice } from "./choice.js";
import { Covered } from "./covered.js";
import { Going } from "./going.js";
import { HeldOff } from "./held_off.js";
import { Hint } from "./hint.js";
import { LongNotice } from "./long_notice.js";
import { StillInLine } from "./still_in_line.js";
import { Tongues } from "./tongues.js";
import { Translations } from "./translations.js";
import { WayBack } from "./way_back.js";

// Milliseconds.
const LATE = 20000;

const asked = {};
document.dispatchEvent(new CustomEvent("page:cover", { detail: asked }));
const { cover } = asked;
// A cover that was quicker has taken them out of the document.
const at = (id) => document.getElementById(id) || (cover.kept && cover.kept.querySelector(`#${id}`));
// A word that was chosen before the language changed. From here on it stands in this page's memory alone.
const word = at("moved-word");
if (word) {
  cover.word = word.textContent;
  word.remove();
}
const { announcer, choice, composer, conversation, ended, held, log, long, more, waitingRoom, wayBack, words } = cover.talk;

// What stood in the field before that. Only now has the line said whether she is covered, and taken the field away if so.
const draft = at("moved-draft");
if (draft) {
  const field = at("field");
  if (held()) field.value = [draft.textContent, field.value].filter(Boolean).join("\n");
  draft.remove();
  composer.fit();
}

// Also before the tap that shows the words: until then she is not back.
const going = new Going({ hide: document.getElementById("hide"), isCovered: () => conversation.isCovered });
new Covered(cover, going);
new LongNotice({ element: long, words });
new Translations({ after: at("typing"), conversation, log, announcer });
const tongues = new Tongues({
  element: at("tongues"),
  said: at("tongues-said"),
  field: at("field"),
  words,
  held: () => ({ token: held(), isSettled: conversation.isSettled }),
  word: () => cover.word,
  going,
  to: (tag) => at("choice").action.replace(/[^/]+\/talk\/note$/, `${tag}/talk/tongue`),
});
at("tongues").hidden = false;
new Hint({ conversation, log, announcer, go: (tag) => tongues.go(tag) });

// From here on the page speaks to these, where it spoke to nobody.
const number = new WayBack({
  fold: at("cut"),
  button: at("cut-show"),
  told: at("cut-told"),
  number: at("cut-number"),
  said: at("cut-said"),
  words,
  wish: () => conversation.askComeback(),
  stays: at("cut-stays"),
  staysSaid: at("cut-stays-said"),
  keep: (keep, done) =>
    ask(at("choice").action.replace(/note$/, "keep"), JSON.stringify({ t: held(), keep }), LATE, (status, text) => {
      done(status === 200, status === 200 || status === 409 ? JSON.parse(text).words : "");
    }),
});
const calling = new ByPhone({
  panel: at("more"),
  choice: at("choice").querySelector(".choices"),
  from: at("choice").action.replace(/note$/, "phone"),
  words,
  held,
  opens: () => more.turn(true),
});
at("more-button").addEventListener("click", () => calling.bring());
for (const name of ["made", "refused"]) wayBack[name] = (...told) => number[name](...told);
for (const name of ["hide", "forget"]) {
  wayBack[name] = () => {
    number[name]();
    calling[name]();
  };
}

const ways = new Choice({
  form: at("choice"),
  heading: at("choice-heading"),
  stay: at("choice-stay"),
  ended,
  left: () => ({ token: held(), rest: [...conversation.unsent, at("field").value].join("\n") }),
  isWriting: () => at("field").value !== "",
  announcer,
  going,
});
const { isLate, waited } = choice;
for (const name of ["stop", "waits"]) choice[name] = (...told) => ways[name](...told);
ways.isLate = isLate;
if (waited !== undefined) ways.waits(waited);
// Last: it has its word on whether there is anything to wait for.
const besides = ["minutes", "choice-heading", "choice-stay"].map(at);
new HeldOff({ conversation, waitingRoom, besides: besides.concat([...at("wait-head").querySelectorAll(".hint:not([data-phone])")]) });
new StillInLine({
  head: at("wait-head"),
  place: at("place"),
  minutes: at("minutes"),
  announcer,
  isThere: () => !cover.isOn && !document.hidden && at("line-state").dataset.line === "connected",
});

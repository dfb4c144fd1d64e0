// The visitor's page: shows one part at a time and joins the field, the words, the waiting room and the line.

import { Announcer } from "./announcer.js";
import { Cards } from "./cards.js";
import { Column } from "./column.js";
import { Composer } from "./composer.js";
import { CLOSED, Connection, NOT_THERE } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Cover } from "./cover.js";
import { Doorstep } from "./doorstep.js";
import { LineState } from "./line_state.js";
import { LogView } from "./log_view.js";
import { More } from "./more.js";
import { NumberForm } from "./number_form.js";
import { PollLine } from "./poll_line.js";
import { SUBPROTOCOLS, writeFrame } from "./protocol.js";
import { Start } from "./start.js";
import { TalkView } from "./talk_view.js";
import { Transport } from "./transport.js";
import { WaitingRoom } from "./waiting_room.js";
import { Words } from "./words.js";

// Found once: behind a cover they are in no document.
const found = {};
const at = (id) => found[id] || (found[id] = document.getElementById(id));
const parts = ["start", "line", "ended"].map(at);
["ended-desk", "ended-quiet"].forEach(at);

// What opens the talk. It lives here and nowhere else, goes out only inside a frame or a JSON body, and dies with the page.
let token = null;
let isEnding = false;

const words = new Words(at("said-words"), document.documentElement.lang);
const announcer = new Announcer(document.querySelector("[data-said]"));
const lineState = new LineState({ element: at("line-state"), words, announcer });

// Where bytes are dear: longer pauses, and no signs of typing either way.
const net = navigator.connection || {};
const light = !!net.saveData || /2g/.test(net.effectiveType);

const hello = () => writeFrame("Resume", { token, last: conversation.transcript.last, light });
const place = at("line").dataset.line || "/line/talk";
const transport = new Transport({
  socket: window.WebSocket ? () => new WebSocket(location.origin.replace(/^http/, "ws") + place, SUBPROTOCOLS) : null,
  poll: () => new PollLine({ address: place, hello, wait: light ? 50 : 40 }),
  again: () => connection.again(),
});
const connection = new Connection({
  open: () => transport.open(),
  hello,
  heard: (frame) => {
    if (isEnding && frame.type === "Welcome") conversation.leave("end");
    else if (isEnding && frame.type !== "ConversationClosed") return;
    else {
      // Another page of hers was covered: this one shows no word either before she is back.
      if (frame.type === "Covered" && conversation.isCovered == null) cover.on();
      conversation.heard(frame);
    }
    if (frame.type === "MessagePosted" && !cover.isOn) {
      seen();
      more.news(at("newer").textContent);
    }
    if (frame.type === "Welcome" && document.hidden) conversation.turn(true);
    if (frame.type === "Welcome" || frame.type === "Covered") cover.bring();
    if (frame.type === "Uncovered" && !cover.isOn) {
      transport.stop();
      connection.again();
    }
  },
  changed: (state) => {
    if (state === CLOSED) transport.stop();
    lineState.turn(state);
  },
  ended: (code) => {
    // It may go on elsewhere, or have ended long ago: then nothing can be said of our copy.
    at("ended-desk").hidden = code === NOT_THERE;
    over();
  },
});

const log = new LogView({
  list: at("log"),
  scroller: at("scroll"),
  newer: at("newer"),
  words,
  onRetry: () => {
    connection.wake();
    conversation.resend();
  },
});
const column = new Column(document, log);
// The ways out of a long wait come later (later.js); until then it is only kept for how long she has waited.
const choice = {
  isLate: false,
  stop: () => delete choice.waited,
  waits: (waited) => (choice.waited = waited),
};
const waitingRoom = new WaitingRoom({
  head: at("wait-head"),
  place: at("place"),
  minutes: at("minutes"),
  room: at("questions"),
  urgent: at("not-safe"),
  choice,
  words,
  announcer,
  answer: (question, choice) => conversation.answer(question, choice),
});
// The number to come back with comes with the rest of the page (later.js); until then there is none to hide.
const nothing = () => {};
const wayBack = { made: nothing, refused: nothing, hide: nothing, forget: nothing };
const view = new TalkView({
  log,
  cards: new Cards({ tap: (seq, choice, words) => conversation.tap(seq, choice, words) }),
  lineState,
  waitingRoom,
  wayBack,
  words,
  announcer,
  typing: at("typing"),
  stay: () => conversation.stay(),
  over: (how) => {
    at("ended-quiet").hidden = how !== "quiet";
    over();
  },
});
const conversation = new Conversation({ connection, view });
const composer = new Composer({
  field: at("field"),
  button: at("send"),
  enterSends: at("enter-sends"),
  say: (text) => {
    more.turn(false);
    conversation.say(text);
  },
  typing: () => light || conversation.typing(),
});

const more = new More({
  button: at("more-button"),
  panel: at("more"),
  instead: at("scroll"),
  ask: at("end-ask"),
  sure: at("end-sure"),
  keep: at("end-keep"),
  end: at("end-now"),
  ended: () => end(),
});

// The phone and the emergency number stand in the waiting room and under "More"; the page brings them once.
at("more").prepend(...[...document.querySelectorAll("[data-phone]")].map((line) => line.cloneNode(true)));

// A number that was looked at does not wait there for the next one who opens this.
at("more-button").addEventListener("click", () => wayBack.hide());
at("cut-line").addEventListener("click", () => {
  more.turn(true);
  at("cut").open = true;
  at("cut").firstElementChild.focus();
});

// One page begins a talk, the other comes back to one, the third goes on with one in another language.
const backForm = at("back-form");
const moved = at("moved");
const said = at("start-said");
const doorstep = new Doorstep({
  line: at("line"),
  step: at("doorstep"),
  heading: at("doorstep-heading"),
  button: at("show-words"),
  waitingRoom,
  announcer,
  opened: () => {
    // The newest of them, whatever stands below; the keyboard stays down until she wants to write.
    at("log").scrollIntoView({ block: "end" });
    at("newer").hidden = true;
    at("scroll").focus({ preventScroll: true });
    seen();
  },
});
const held = () => token;
const covering = { announcer, choice, column, composer, conversation, doorstep, held, log, more, waitingRoom, wayBack, words };
const cover = new Cover(at, covering);

if (backForm) {
  new NumberForm({ form: backForm, said, words, opened: (given) => begin(given) });
} else if (moved) {
  const given = moved.elements.t.value;
  // The script holds it now: nothing of it stays in the document, nor its pass in the address.
  for (const field of [...document.querySelectorAll("[name=t][value]")]) field.remove();
  history.replaceState(null, "", moved.dataset.page);
  begin(given);
  if (moved.dataset.covered) cover.on();
} else {
  new Start({ form: at("start-form"), said, words, started: (...given) => begin(...given) });
}

// What stands on the page and is neither covered nor behind the doorstep.
function seen() {
  if (!document.hidden && !doorstep.isClosed) conversation.seen();
}

function begin(given, isLate) {
  token = given;
  waitingRoom.choice.isLate = isLate;
  show("line");
  at("hide").hidden = false;
  column.start();
  connection.start();
  // Who waits is asked once her place stands: what comes late would push the answers from under her finger.
  if (backForm) {
    waitingRoom.show();
    doorstep.close();
  } else at("place").focus();
}

function show(part) {
  for (const one of parts) one.hidden = one.id !== part;
  window.scrollTo(0, 0);
}

// Her words go from the page first, then the server is told; it is asked again until it has heard.
function end() {
  isEnding = true;
  wipe();
  conversation.leave("end");
}

function over() {
  token = null;
  connection.close();
  wipe();
}

function wipe() {
  conversation.forget();
  announcer.forget();
  waitingRoom.forget();
  wayBack.forget();
  log.clear();
  composer.clear();
  column.stop();
  document.body.classList.remove("covered");
  at("hide").hidden = true;
  if (!at("ended").hidden) return;
  show("ended");
  at("ended").firstElementChild.focus();
}

document.addEventListener("page:leaving", (event) => {
  if (token !== null) event.detail.tokens.push(token);
  token = null;
  wayBack.forget();
  connection.close();
  conversation.stop();
});

// Turned away: cover at once. Turned back: show, and make sure within a moment that the line is real.
document.addEventListener("visibilitychange", () => {
  document.body.classList.toggle("covered", document.hidden && token !== null);
  conversation.turn(document.hidden);
  if (document.hidden) {
    wayBack.hide();
    return;
  }
  connection.wake();
  seen();
});
addEventListener("online", () => connection.wake());
addEventListener("pagehide", (event) => {
  connection.close();
  conversation.forget();
  if (!event.persisted) token = null;
});
document.addEventListener("page:back", () => {
  if (token === null) return;
  log.clear();
  document.body.classList.remove("covered");
  connection.start();
});

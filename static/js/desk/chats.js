// The advocate's chat desk: joins the line, the queue and the conversations she holds.

import { Announcer } from "../chat/announcer.js";
import { CLOSED, CONNECTED, Connection, SIGNED_OUT, WEAK } from "../chat/connection.js";
import { SUBPROTOCOLS, writeFrame } from "../chat/protocol.js";
import { Alarm } from "./alarm.js";
import { Book } from "./book.js";
import { CallsView } from "./calls_view.js";
import { ChatsView } from "./chats_view.js";
import { DeskLine } from "./desk_line.js";
import { DeskWords } from "./desk_words.js";
import { Drafts } from "./drafts.js";
import { DutyView } from "./duty_view.js";
import { Lock } from "./lock.js";
import { LockCalls } from "./lock_calls.js";
import { hearKeys } from "./going.js";
import { Hard } from "./hard.js";
import { hearLockKey } from "./lock_key.js";
import { OffersView } from "./offers_view.js";
import { OtherWindows } from "./other_windows.js";
import { OutOfTurn } from "./out_of_turn.js";
import { PhoneWord } from "./phone_word.js";
import { Queue } from "./queue.js";
import { QueueView } from "./queue_view.js";
import { Shift } from "./shift.js";
import { TabsView } from "./tabs_view.js";
import { TalkKeys } from "./talk_keys.js";
import { Talks } from "./talks.js";
import { WatchingView } from "./watching_view.js";
import { WayOut } from "./way_out.js";

const SIGN_IN = "/desk/signin";
// Milliseconds a line may be away before the desk is loud about it.
const QUIET_FOR = 1500;

const at = (id) => document.getElementById(id);
const words = new DeskWords(at("chats-words"), document.documentElement.lang);
const announcer = new Announcer(at("said"));
const talks = new Talks();
const queue = new Queue();

const queueView = new QueueView({
  list: at("queue"),
  count: at("queue-count"),
  asOf: at("queue-as-of"),
  empty: at("queue-empty"),
  foot: at("queue-foot"),
  surge: at("queue-surge"),
  queue,
  words,
  take: (conversation) => {
    view.tell("");
    outOfTurn.close();
    line.take(conversation);
  },
});
const offers = new OffersView({
  part: at("offers-part"),
  list: at("offers"),
  queue,
  words,
  takeOver: (conversation) => line.handing.takeOver(conversation),
  decline: (conversation) => line.handing.decline(conversation),
  isOpen: (conversation) => Boolean(talks.get(conversation)),
});
const watching = new WatchingView({
  part: at("watching-part"),
  list: at("watching"),
  queue,
  words,
  watch: (conversation) => line.handing.watch(conversation),
  comeIn: (conversation) => line.handing.comeIn(conversation),
  isOpen: (conversation) => Boolean(talks.get(conversation)),
});
const duty = new DutyView({ list: at("duty-list"), none: at("duty-none"), queue, words });
const calls = new CallsView({
  list: at("calls"),
  queue,
  words,
  yes: (lines) => lines.forEach(({ call }) => line.handing.sayYes(call)),
});
new PhoneWord({ field: at("phone-word"), button: at("phone-word-use"), use: (word) => line.handing.useWord(word) });
const tabs = new TabsView({
  list: at("tabs"),
  talks,
  words,
  choose: (talk) => view.choose(talk),
  hasDraft: (talk) => view.hasDraft(talk),
});
const book = new Book({ cards: at("cards-book").content, choices: at("choices-book").content, desk: document.documentElement.lang });
const outOfTurn = new OutOfTurn({ box: at("out-of-turn"), take: (conversation, why) => line.take(conversation, why) });
const view = new ChatsView({ at, talks, queue, queueView, duty, offers, watching, calls, tabs, words, book, announcer, outOfTurn });
view.signedOut = () => {
  connection.close();
  view.wipe();
  location.replace(SIGN_IN);
};

const alarm = new Alarm({ tag: at("sound-state"), button: at("sound"), words });
const drafts = new Drafts();
const opened = view.opened.bind(view);
view.opened = (talk, wasAsked) => {
  drafts.remind(talk);
  opened(talk, wasAsked);
  drafts.giveBack(talk, view.panes.get(talk));
  if (drafts.active === talk.id) {
    drafts.active = "";
    view.choose(talk);
  }
};
const lock = new Lock({
  at,
  calls: new LockCalls({ shown: at("lock-calls"), alarm }),
  windows: new OtherWindows({ locked: () => lock.lock(), opened: () => lock.isLocked && location.reload() }),
  hide: () => {
    drafts.keep(talks, view.panes);
    // Nobody's words, names or places stay on the page.
    view.wipe();
    talks.forget();
    queue.forget();
    view.queueChanged();
    outOfTurn.close();
    at("shift-ask").hidden = true;
    hard.shut();
    at("phone-word").value = "";
    view.tell("");
  },
  show: () => {
    if (connection.state === CLOSED) connection.start();
    else connection.again();
  },
  over: () => view.signedOut(),
});

const wayOut = new WayOut({
  links: document.querySelectorAll("a[href^='/']"),
  isNeeded: () => talks.shown.length > 0,
  why: words.say("besides"),
});

hearLockKey();

let quietTimer = null;
const connection = new Connection({
  open: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}${at("chats").dataset.line}`, SUBPROTOCOLS),
  hello: () => writeFrame("Resume", { csrf: lock.csrf, talks: talks.held() }),
  // A page in the background is given few ticks of its clock, but every frame.
  heard: (frame) => {
    if (frame.type === "Locked") lock.told(frame);
    // Words that were on their way when it was locked are told again afterwards.
    else if (!lock.isLocked || frame.type === "SignedOut" || frame.type === "Refused") line.heard(frame);
    if (frame.type === "QueueSnapshot") at("unheard").hidden = frame.heard !== false;
    call();
  },
  changed: (state) => {
    const isThere = state === CONNECTED || state === WEAK;
    clearTimeout(quietTimer);
    if (isThere) {
      loud(false);
      if (state === CONNECTED && !lock.isLocked) line.resend();
    } else {
      quietTimer = setTimeout(() => loud(true), QUIET_FOR);
    }
    view.turn(!isThere);
  },
  ended: (code) => {
    if (code === SIGNED_OUT) lock.ended();
    else broken();
  },
});
const line = new DeskLine({ connection, talks, queue, view });
view.join(line);

view.shift = new Shift({
  at,
  turn: (state, knows, closes) => line.turn(state, knows, closes),
  why: (reason) => words.say(reason === "holding" ? "refusedHolding" : "refusedLastOne"),
  isLast: () => queue.isLast && line.knows("ClosesAsLast"),
  hand: () => {
    const talk = talks.shown.find(({ isHeld }) => isHeld);
    if (!talk) return null;
    return () => {
      view.choose(talk);
      view.panes.get(talk).pane.handing.turn(true);
    };
  },
});
document.querySelector(".desk-signout").addEventListener("submit", (event) => {
  if (!queue.shift || view.isOffline) return;
  event.preventDefault();
  view.shift.leave(event.target);
});

const hard = new Hard({
  box: at("hard"),
  minutes: Number(at("hard").dataset.minutes),
  queue,
  words,
  turn: (state) => view.shift.turn(state),
});

const closed = view.closed.bind(view);
view.closed = (talk) => {
  hard.over(talk, Date.now());
  closed(talk);
};

// Loud and full width: an advocate who believes she is there while she is not is the worst of all faults.
function loud(isOffline) {
  at("offline").hidden = !isOffline;
  if (isOffline) announcer.say(words.say("offline"));
}

// Whoever takes nobody now, or has her hands full, is not called for those who wait.
function call() {
  if (lock.isLocked) {
    lock.calls.look();
    return;
  }
  const isFree = queue.ready && queue.held < queue.capacity && !view.isOffline;
  const now = Date.now();
  // What is for others first rings here when it is for everybody.
  const rows = [...(isFree ? [...offers.rows, ...queue.mine(now)] : []), ...watching.letIn];
  alarm.look({ rows, calls: calls.loud, unread: talks.unread, now });
}

function broken() {
  at("offline-more").textContent = words.say("broken");
  loud(true);
  view.turn(true);
}

at("ready").addEventListener("click", () => {
  // The tone at the start of a shift: whoever hears it knows that she will hear the next one.
  if (!queue.ready) alarm.wake();
  line.ready(!queue.ready);
});
at("try-now").addEventListener("click", () => {
  if (connection.state === "closed") location.reload();
  else connection.wake();
});
new TalkKeys({
  view,
  talks,
  isOff: () => lock.isLocked,
  mayTurn: () => Boolean(queue.shift) && !view.isOffline,
  turn: (state) => {
    if (state === "ready") alarm.wake();
    view.shift.turn(state);
  },
});
const toQueue = () => queueView.rove.enter() ?? true;
const toTalks = () => talks.active && (tabs.focus(talks.active) ?? true);
hearKeys({ places: { q: toQueue, c: () => toTalks() || toQueue() }, isOff: () => lock.isLocked });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  connection.wake();
  if (talks.active) talks.activate(talks.active);
  view.draw();
});
addEventListener("online", () => connection.wake());
addEventListener("pagehide", () => {
  connection.close();
  view.wipe();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

setInterval(() => {
  line.look();
  view.draw();
  hard.draw(Date.now());
  if (talks.active && !document.hidden && !lock.isLocked) line.handing.looks(talks.active, Date.now());
  wayOut.draw();
  call();
}, 1000);
at("chats").hidden = false;
connection.start();

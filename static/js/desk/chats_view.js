// The desk as it is seen: the queue, the tabs, one pane and one card per conversation, and the loud notice.

import { Words } from "../chat/words.js";
import { LeftHands } from "./left_hands.js";
import { Pane } from "./pane.js";
import { Regions } from "./regions.js";
import { drawDoor, drawReach } from "./reach.js";
import { Side } from "./side.js";
import { tryAgain } from "./try_again.js";
import { Unsend } from "./unsend.js";

const TYPING_FOR = 6000;

export class ChatsView {
  constructor({ at, talks, queue, queueView, duty, offers, watching, calls, tabs, words, book, announcer, outOfTurn }) {
    Object.assign(this, { at, talks, queue, queueView, duty, offers, watching, calls, tabs, words, book, announcer, outOfTurn });
    // Talk -> {pane, side, typing}.
    this.panes = new Map();
    this.unsend = new Unsend({ words, withdraw: (talk, entry) => this.line.withdraw(talk, entry) });
    this.leftHands = new LeftHands({ words, tell: (text) => this.#tell(text) });
    const numbers = at("numbers-book");
    this.regions = new Regions(numbers.content, numbers.dataset.house);
    this.isOffline = true;
  }

  // line: a DeskLine; given after both are made.
  join(line) {
    this.line = line;
    this.act = {
      say: (talk, text) => line.say(talk, text),
      ask: (talk, card, text) => line.ask(talk, card, text),
      stillHere: (talk) => line.stillHere(talk),
      typing: (talk) => line.typing(talk),
      retry: (talk) => tryAgain(line, talk),
      tryWords: (talk, key, text) => line.handing.send("TryWords", { key, conversation: talk.id, text }),
      close: (talk) => line.close(talk),
      putAway: (talk) => this.putAway(talk),
      tickStep: (talk, step, isSet) => line.knows("TickStep") && line.mark("TickStep", talk, { step, is_set: isSet }),
      markDanger: (talk, kind, who) => line.mark("MarkDanger", talk, { danger: kind, who }),
      mayHelp: () => line.knows("CallHelp"),
      callHelp: (talk) => line.knows("CallHelp") && line.mark("CallHelp", talk, {}),
      holdOff: (talk, said) => line.mark("HoldOff", talk, said),
      endDanger: (talk, said) => line.mark("EndDanger", talk, said),
      colleagues: (talk) => line.handing.colleagues(talk),
      handOff: (talk, to, note) => line.handing.handOff(talk, to, note),
      phoneWord: (talk, note) => line.handing.phoneWord(talk, note),
      mayJoin: () => line.knows("Join"),
      join: (talk) => line.handing.join(talk),
      askGuest: (talk, person, as) => line.handing.askGuest(talk, person, as),
      sendAway: (talk) => line.handing.sendAway(talk),
      keepHere: (talk) => line.handing[["watcher", "joined", "guest"].includes(talk.role) ? "stopWatching" : "keepHere"](talk),
      tell: (text) => this.tell(text),
    };
  }

  hasDraft(talk) {
    return Boolean(this.panes.get(talk)?.pane.draft);
  }

  turn(isOffline) {
    this.isOffline = isOffline;
    if (isOffline) this.unsend.forget();
    this.queueView.turn(isOffline);
    this.offers.turn(isOffline);
    this.calls.turn(isOffline);
    this.watching.turn(isOffline);
    if (this.queue.heardAt !== null) this.ready();
    this.draw();
  }

  draw(now = Date.now()) {
    this.queueView.tick(now);
    this.calls.draw(now);
    this.tabs.draw(now);
    for (const { pane, side } of this.panes.values()) {
      pane.draw(now, this.isOffline, Boolean(this.line?.knows("HandOff")));
      side.draw(now, this.isOffline, Boolean(this.line?.knows("Tick")));
    }
    this.at("nothing").hidden = this.talks.active !== null;
  }

  choose(talk) {
    this.talks.activate(talk);
    for (const [other, { pane, side }] of this.panes) {
      pane.show(other === talk);
      side.show(other === talk);
    }
    this.draw();
    this.panes.get(talk)?.pane.focus();
  }

  queueChanged() {
    drawDoor(this);
    this.outOfTurn.keepOnly(this.queue.rows.map(({ conversation }) => conversation));
    this.queueView.draw(Date.now());
    this.duty.draw();
    this.offers.draw();
    this.watching.draw();
    this.queueView.turn(this.isOffline);
    this.ready();
    this.draw();
  }

  ready() {
    const { ready, held, capacity } = this.queue;
    const state = this.at("ready-state");
    const isTaking = ready && !this.isOffline;
    state.textContent = this.words.say(isTaking ? "taking" : "notTaking");
    if (isTaking) state.textContent += ` · ${this.words.say("held", { n: held, all: capacity })}`;
    state.className = `desk-tag ${isTaking ? "is-good" : this.isOffline ? "is-urgent" : "is-quiet"}`;
    this.at("ready").textContent = this.words.say(ready ? "stopTaking" : "startTaking");
    this.at("ready").hidden = this.isOffline;
    this.shift?.draw(this.queue.shift, this.isOffline);
    drawReach(this);
  }

  opened(talk, wasAsked) {
    if (talk.isPutAway) return;
    if (!this.panes.has(talk)) this.#make(talk);
    this.offers.draw();
    this.watching.draw();
    if (wasAsked || this.talks.active === null) this.choose(talk);
    else this.draw();
  }

  changed() {
    this.draw();
  }

  posted(talk, entry, before) {
    const made = this.panes.get(talk);
    if (!made) return;
    made.pane.post(entry, before);
    // She had read what she answered: a page that is loaded anew counts only what came since. A colleague read for herself.
    if (entry.own) talk.unread = 0;
    if (entry.author !== "visitor") return;
    this.#typed(made, false);
    if (this.talks.active !== talk || document.hidden) {
      talk.unread += 1;
      this.announcer.say(`${this.words.nameOf(talk)} · ${this.words.say("new", { n: talk.unread })}`);
    } else {
      this.announcer.say(`${this.words.nameOf(talk)}: ${entry.text}`);
    }
    this.tabs.draw(Date.now());
  }

  mayUnsend(talk, entry, seconds) {
    const log = this.panes.get(talk)?.pane.log;
    const item = log?.drawn.get(entry);
    if (!item) return;
    const stay = log.isAtEnd;
    this.unsend.offer(talk, entry, item, seconds);
    if (stay) log.toEnd();
  }

  // entry: what leaves the page, or null where it never stood; wasShown: empty where it is told elsewhere.
  withdrawn(talk, entry, wasShown) {
    if (entry) this.panes.get(talk)?.pane.log.remove(entry);
    if (!wasShown) return;
    this.said(talk, `withdrawn${wasShown[0].toUpperCase()}${wasShown.slice(1)}`, this.words.nameOf(talk));
    if (talk.card.way === "plain") this.said(talk, "withdrawnPlain");
  }

  // What is marked in one message of hers; with nothing marked, her newest words.
  takeDown(talk) {
    const log = this.panes.get(talk)?.pane.log;
    if (!log || this.isOffline) return;
    const marked = String(getSelection()).trim();
    const hers = talk.transcript.entries.filter(({ author, choice }) => author === "visitor" && !choice);
    const within = ([, item]) => getSelection().anchorNode && item.contains(getSelection().anchorNode);
    const [entry] = marked ? ([...log.drawn].find(within) ?? []) : hers.slice(-1);
    const text = marked || entry?.text;
    if (entry?.seq && entry.text.includes(text)) this.line.takeDown(talk, entry.seq, text);
    else this.tell(this.words.say("markFirst"));
  }

  noted(talk, note, before) {
    this.panes.get(talk)?.side.addNote(note, before);
  }

  noteSettled(talk, note) {
    this.panes.get(talk)?.side.markNote(note, "received");
  }

  marked(talk, entry, state) {
    this.panes.get(talk)?.pane.log.mark(entry, state);
  }

  settled(talk, entry, next) {
    this.panes.get(talk)?.pane.log.settle(entry, next);
  }

  // A line of the house itself in one talk's words.
  said(talk, name, alias = "") {
    const text = this.words.say(name, { name: Words.apart(alias) });
    this.panes.get(talk)?.pane.log.note(text);
    this.announcer.say(`${this.words.nameOf(talk)} · ${text}`);
  }

  types(talk) {
    const made = this.panes.get(talk);
    if (made) this.#typed(made, true);
  }

  closed(talk) {
    this.draw();
    this.announcer.say(`${this.words.nameOf(talk)} · ${this.words.lineOf(talk, Date.now())}`);
  }

  colleagues(talk, ready) {
    this.panes.get(talk)?.pane.handing.colleagues(ready);
  }

  erased(talk) {
    const gone = { next: "handGone", joined: "guestOver", guest: "guestOver" }[talk.role];
    if (gone && !talk.isOver) this.tell(this.words.say(gone));
    this.#remove(talk);
    talk.transcript.forget();
    talk.notes.forget();
    this.talks.drop(talk.id);
    this.choose(this.talks.active);
  }

  // Gone from this page before its clock ends; the number is free for somebody else.
  putAway(talk) {
    talk.isPutAway = true;
    this.#remove(talk);
    this.choose(this.talks.shown[0] ?? null);
    if (!this.talks.active) this.at("nothing").focus();
  }

  refused(reason, by, talk = null) {
    const name = `refused${reason.replace(/(^|_)(\w)/g, (_, __, letter) => letter.toUpperCase())}`;
    const text = this.words.say(name, { name: Words.apart(by ?? "") });
    if (talk) this.panes.get(talk)?.pane.log.note(text);
    this.tell(text);
  }

  // By a broken line it left her hands; `by` has it now, or it waits again.
  left(conversation, talk, by) {
    const name = talk ? this.words.nameOf(talk) : this.leftHands.nameOf(conversation);
    this.leftHands.told(conversation, name, by);
  }

  // True when the refusal is a question about her shift, which stands above the desk now.
  asks(reason) {
    return Boolean(this.shift?.refused(reason));
  }

  // One line above the queue, until something else happens there.
  tell(text) {
    this.leftHands.forget();
    this.#tell(text);
  }

  wipe() {
    for (const talk of [...this.panes.keys()]) this.erased(talk);
    this.announcer.forget();
  }

  #tell(text) {
    this.at("told").textContent = text;
    this.at("told").hidden = !text;
  }

  #remove(talk) {
    const made = this.panes.get(talk);
    made?.pane.wipe();
    made?.side.wipe();
    this.panes.delete(talk);
  }

  #typed(made, isTyping) {
    clearTimeout(made.typing);
    made.pane.types(isTyping);
    if (isTyping) made.typing = setTimeout(() => made.pane.types(false), TYPING_FOR);
  }

  #make(talk) {
    const { words, book, regions } = this;
    const side = new Side({
      talk,
      template: this.at("side-template"),
      words,
      book,
      regions,
      saveNote: (which, text) => (which.role !== "owner" ? this.line.handing.whisper(which, text) : this.line.note(which, text)),
      takeDown: (which) => this.takeDown(which),
      mayBeOther: (which, isOther) => this.line.mark("MayBeOther", which, { is_other: isOther }),
      askKeep: (which, text) => this.line.askKeep(which, text),
      tick: (which, of, isSet) => this.line.mark("Tick", which, { of, is_set: isSet }),
    });
    const template = this.at("pane-template");
    const pane = new Pane({ talk, template, words, book, act: this.act, tag: side.dangerTag, regions });
    pane.element.hidden = side.element.hidden = true;
    this.at("panes").append(pane.element);
    this.at("sides").append(side.element);
    this.panes.set(talk, { pane, side, typing: null });
  }
}

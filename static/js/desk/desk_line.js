// What the desk says and hears: each act goes out under a key until the server has it, each fact lands in its talk.

import { Outbox } from "../chat/outbox.js";
import { newKey, writeFrame } from "../chat/protocol.js";
import { HandingLine } from "./handing_line.js";
import { HAPPENED, hearsMachine } from "./happened.js";
import { knows } from "./since.js";
import { GREETING } from "./standing.js";

const AGAIN = 1000;
const TYPING_EVERY = 3000;
// Acts that stand as words in the conversation.
const SAID = new Set(["Say", "Ask"]);
const NOTED = new Set(["Note", "TakeDown", "HandOff", "Whisper"]);

// `view` is told: queueChanged, opened, changed, posted, mayUnsend, withdrawn, noted, marked, settled, noteSettled, said, types, closed,
// erased, left, refused, colleagues, signedOut.
export class DeskLine {
  constructor({ connection, talks, queue, view }) {
    Object.assign(this, { connection, talks, queue, view });
    this.outbox = new Outbox();
    this.handing = new HandingLine({
      line: this,
      send: (type, fields) => this.#send(type, fields),
      keep: (type, frame) => this.#keep(type, frame),
    });
    // Key of a Take, or of a yes to an offer -> conversation.
    this.asked = new Map();
    this.wantsReady = null;
    this.wantsShift = null;
    this.typedAt = 0;
  }

  ready(isReady) {
    if (this.queue.shift) {
      this.turn(isReady ? "ready" : "finishing", false);
      return;
    }
    // A server of an older house knows no other word.
    this.wantsReady = isReady;
    this.#send("Ready", { ready: isReady });
  }

  // knows: she was told that she is the last one, or that she holds somebody. closes: for so many minutes, as the last.
  turn(state, knows, closes = 0) {
    this.wantsShift = closes ? { state, knows, closes } : { state, knows };
    this.#send("Shift", this.wantsShift);
  }

  // An older server, which says nothing of the door, knows no reason either.
  take(conversation, why = "") {
    const key = newKey();
    this.asked.set(key, conversation);
    this.#send("Take", this.queue.door ? { key, conversation, why } : { key, conversation });
  }

  say(talk, text) {
    const key = newKey();
    const entry = talk.transcript.write(key, text);
    entry.author = "advocate";
    this.view.posted(talk, entry, null);
    this.#keep("Say", { key, conversation: talk.id, text });
    this.view.marked(talk, entry, "sending");
  }

  // A card by its name; `text` is what she will read.
  ask(talk, card, text) {
    const key = newKey();
    const entry = Object.assign(talk.transcript.write(key, text), { author: "advocate", card });
    this.view.posted(talk, entry, null);
    this.#keep("Ask", { key, conversation: talk.id, card });
    this.view.marked(talk, entry, "sending");
  }

  askKeep(talk, text) {
    this.#keep("AskKeep", { key: newKey(), conversation: talk.id, text });
  }

  stillHere(talk) {
    this.#keep("StillHere", { key: newKey(), conversation: talk.id });
  }

  // Only on the line that took the words, and only for a moment: it is never sent later by surprise.
  withdraw(talk, entry) {
    this.#send("Withdraw", { key: newKey(), conversation: talk.id, seq: entry.seq });
  }

  note(talk, text) {
    const key = newKey();
    this.view.noted(talk, talk.notes.write(key, text), null);
    this.#keep("Note", { key, conversation: talk.id, text });
  }

  // What she said, or a piece of it, into a note.
  takeDown(talk, seq, text) {
    const key = newKey();
    this.view.noted(talk, Object.assign(talk.notes.write(key, text), { of: seq }), null);
    this.#keep("TakeDown", { key, conversation: talk.id, seq, text });
  }

  // A danger and its end, somebody else, a line that was crossed: it goes out again until it is kept.
  mark(type, talk, fields) {
    this.#keep(type, { key: newKey(), conversation: talk.id, ...fields });
    return true;
  }

  close(talk) {
    this.#keep("Close", { key: newKey(), conversation: talk.id });
  }

  // Whether the server at the other end knows this act; one that does not is waited for.
  knows(type) {
    return knows(this.connection.version, type);
  }

  typing(talk) {
    const now = Date.now();
    if (now - this.typedAt < TYPING_EVERY) return;
    this.typedAt = now;
    this.#send("Typing", { conversation: talk.id });
  }

  resend() {
    for (const { key, fields } of this.outbox.unsent(Date.now())) {
      this.#mark(key, fields, "sending");
      this.#send(fields.type, fields.frame);
    }
  }

  look() {
    for (const talk of this.talks.byId.values()) if (talk.tellDrop(Date.now())) this.view.said(talk, "dropped");
    for (const { key, fields } of this.outbox.overdue(Date.now())) this.#mark(key, fields, "not-sent");
  }

  heard(frame) {
    if (frame.type === "QueueSnapshot") this.#snapshot(frame);
    else if (frame.type === "TalkOpened") this.#opened(frame);
    else if (frame.type === "SignedOut") this.view.signedOut();
    else if (frame.type === "Refused") this.#refused(frame);
    else this.#inTalk(frame, this.talks.get(frame.conversation));
  }

  #inTalk(frame, talk) {
    if (frame.type === "ConversationErased") {
      if (typeof frame.by === "string") this.view.left(frame.conversation, talk, frame.by);
      if (talk) this.view.erased(talk);
      return;
    }
    if (!talk) return;
    const now = Date.now();
    const hear = {
      CardChanged: () => {
        talk.keepCard(frame.card, now);
        this.view.changed(talk);
      },
      MessageAccepted: () => this.#accepted(frame, talk),
      MessagePosted: () => this.#posted(frame, talk),
      MessageWithdrawn: () => {
        talk.takesBack(frame.seq);
        this.view.withdrawn(talk, talk.transcript.withdraw(frame.seq), frame.was_shown);
      },
      NotePosted: () => this.#noted(frame, talk),
      LineChanged: () => {
        const said = talk.turnLine(frame.line, frame.gone_s, now, frame.back_s);
        if (said) this.view.said(talk, said);
        this.view.changed(talk);
      },
      Typing: () => this.view.types(talk),
      ...this.handing.hears(frame, talk),
      ...hearsMachine(frame, talk, this.view.panes),
      ConversationClosed: () => {
        talk.transcript.mark(frame.seq);
        talk.close(frame.how, frame.wrap_up_s, now);
        this.view.closed(talk);
      },
    }[frame.type];
    if (hear) hear();
    if (talk.role === "next") this.handing.shown(talk);
    if (talk.transcript.hasGap && frame.type === "MessagePosted") this.connection.renew();
  }

  #snapshot(frame) {
    this.queue.snapshot(frame, Date.now());
    // What this desk said last holds over a new line.
    if (this.wantsReady !== null && this.wantsReady !== frame.ready) this.ready(this.wantsReady);
    else this.wantsReady = null;
    if (frame.shift && this.wantsShift && this.wantsShift.state !== frame.shift) this.#send("Shift", this.wantsShift);
    else this.wantsShift = null;
    this.handing.snapshot(frame.mine);
    this.view.queueChanged();
  }

  #opened({ conversation, card, state, key, last, unanswered_s: unansweredS, since = 0, role = "owner" }) {
    const talk = this.talks.open(conversation);
    Object.assign(talk, { role, upTo: last, shownUpTo: 0 });
    // What is before a guest's first number is not missing.
    talk.transcript.last = Math.max(talk.transcript.last, since);
    talk.keepCard(card, Date.now());
    talk.keepUnanswered(unansweredS, last, Date.now());
    if (state !== "ended") talk.state = state;
    else if (!talk.isOver) talk.state = "ended";
    const wasAsked = this.asked.delete(key);
    this.view.opened(talk, wasAsked);
    if (role === "next") this.handing.shown(talk);
  }

  #accepted({ key, seq, unsend_s: unsendS }, talk) {
    const kept = this.outbox.waiting.get(key);
    this.outbox.accepted(key);
    if (kept && NOTED.has(kept.fields.type)) {
      const note = talk.notes.accept(key, seq);
      if (note) this.view.noteSettled(talk, note);
    } else if (kept && SAID.has(kept.fields.type)) {
      this.#settle(key, seq, talk);
    }
    // The words themselves may have come back before this answer.
    const entry = talk.transcript.byKey.get(key);
    if (entry && unsendS) this.view.mayUnsend(talk, entry, unsendS);
  }

  #settle(key, seq, talk) {
    const entry = talk.transcript.accept(key, seq) ?? talk.transcript.byKey.get(key);
    if (!entry) return;
    talk.turnUnanswered("advocate", seq, Date.now());
    this.view.settled(talk, entry, talk.transcript.after(entry));
    this.view.marked(talk, entry, "received");
  }

  #posted(frame, talk) {
    if (frame.author === "system") {
      if (!talk.transcript.mark(frame.seq)) return;
      talk.standing.happened(frame.text, frame.name);
      if (frame.text.startsWith("guest")) talk.guest = frame.text === "guest" ? frame.name : "";
      if (frame.text in HAPPENED) this.view.said(talk, HAPPENED[frame.text], frame.name);
      return;
    }
    if (frame.card === GREETING) talk.standing.isGreeted = true;
    if (frame.card) talk.asked.set(frame.seq, { card: frame.card, choice: "", text: frame.text });
    if (frame.of && talk.asked.has(frame.of)) talk.asked.get(frame.of).choice = frame.choice;
    if (talk.transcript.byKey.has(frame.key)) {
      this.outbox.accepted(frame.key);
      this.#settle(frame.key, frame.seq, talk);
      return;
    }
    const entry = talk.transcript.post(frame);
    if (!entry) return;
    talk.turnUnanswered(frame.author, frame.seq, Date.now());
    Object.assign(entry, { card: frame.card, choice: frame.choice, own: frame.own });
    this.view.posted(talk, entry, talk.transcript.after(entry));
  }

  #noted(frame, talk) {
    this.outbox.accepted(frame.key);
    const known = talk.notes.byKey.get(frame.key);
    const note = talk.notes.post({ ...frame, author: "advocate" });
    if (note) this.view.noted(talk, Object.assign(note, { of: frame.of, danger: frame.danger, outcome: frame.outcome }), talk.notes.after(note));
    else if (known) this.view.noteSettled(talk, known);
  }

  #refused({ key, conversation, reason, by }) {
    if (!key && this.view.asks(reason)) {
      this.wantsShift = null;
      return;
    }
    if (this.asked.delete(key) || (!key && reason === "not_trained")) {
      if (!key) this.wantsShift = null;
      if (reason === "older_waits") this.view.outOfTurn.ask(conversation);
      else this.view.refused(reason, by);
      return;
    }
    const kept = this.outbox.waiting.get(key);
    if (reason === "too_late") this.view.refused(reason, by, this.talks.get(conversation));
    // What was said as the desk was locked goes out once it is open again.
    if (!kept || reason === "locked") return;
    if (reason === "away") {
      this.outbox.hold(key, Date.now());
      setTimeout(() => this.resend(), AGAIN);
      return;
    }
    this.outbox.refused(key);
    this.#mark(key, kept.fields, "not-sent");
    this.view.refused(reason, by, this.talks.get(conversation));
  }

  #mark(key, { type, frame }, state) {
    const talk = this.talks.get(frame.conversation);
    if (!talk) return;
    const entry = (NOTED.has(type) ? talk.notes : talk.transcript).byKey.get(key);
    if (entry && SAID.has(type)) this.view.marked(talk, entry, state);
  }

  #keep(type, frame) {
    this.outbox.add(frame.key, { type, frame }, Date.now());
    this.#send(type, frame);
  }

  #send(type, fields) {
    return this.knows(type) && this.connection.send(writeFrame(type, fields));
  }
}

// One visitor's conversation: what she writes goes out, what is answered comes in, each once and in order.

import { Transcript } from "./ordering.js";
import { Outbox } from "./outbox.js";
import { newKey, writeFrame } from "./protocol.js";

const LOOK_EVERY = 1000;
const TYPING_FOR = 6000;
// What a covered page still hears.
const BEHIND = new Set(["MessageAccepted", "ConversationClosed", "Refused"]);

// `view` is told what changed: posted, withdrawn, marked, settled, waiting, talking, moved, kept, line, typing, over.
export class Conversation {
  constructor({ connection, view }) {
    this.connection = connection;
    this.view = view;
    this.transcript = new Transcript();
    this.outbox = new Outbox();
    // Question -> {key, choice}, until the server has kept it.
    this.answers = new Map();
    // What was heard, for what comes later (translations.js).
    this.early = [];
    this.typingTimer = null;
    this.watch = setInterval(() => this._look(), LOOK_EVERY);
  }

  say(text) {
    this._write(text, { text });
  }

  // The answer to the card under a number; `words` is how it reads.
  tap(seq, choice, words) {
    this._write(words, { seq, choice });
    this.view.tapped(seq, choice);
  }

  answer(question, choice) {
    const asked = { key: newKey(), question, choice };
    this.answers.set(question, asked);
    this._send("Answer", asked);
  }

  typing() {
    this._send("Typing", {});
  }

  seen() {
    if (this.transcript.last > 0) this._send("Seen", { seq: this.transcript.last });
  }

  // Whether the page can be seen, told where it is understood.
  turn(isHidden) {
    if (this._speaks(2)) this._send("Screen", { state: isHidden ? "hidden" : "shown" });
  }

  // An answer to "are you still there?"; words are one too.
  stay() {
    this._send("Stay", { key: newKey() });
  }

  // True when the question went out.
  askComeback() {
    this.wished = newKey();
    return this._send("AskComeback", { key: this.wished });
  }

  // What the server may not have yet, in the order it was written.
  get unsent() {
    return [...this.outbox.waiting.values()].map(({ fields }) => fields.text).filter(Boolean);
  }

  // Whether all she said and chose has arrived.
  get isSettled() {
    return !this.outbox.waiting.size && !this.answers.size;
  }

  // Covered, nothing that was said stands in this page but what was not sent. The server is told until it knows. Before
  // the first time, `isCovered` is not set.
  cover(isCovered, word) {
    this._types(false);
    this.transcript.forget();
    Object.assign(this, { isCovered, word });
    this._tellCover();
  }

  leave(how) {
    this._send("Leave", { how });
  }

  // Everything unsent goes out again, in its order and under its keys.
  resend() {
    for (const { key, fields } of this.outbox.unsent(Date.now())) {
      this.view.marked(this.transcript.byKey.get(key), "sending");
      this._sendWords(fields);
    }
    for (const asked of this.answers.values()) this._send("Answer", asked);
  }

  heard(frame) {
    const isTold = frame.type === "Covered";
    if (frame.type === "Welcome" || isTold) {
      if (!this.isCovered === isTold) this._tellCover();
      if (this.isCovered) this.resend();
    }
    if (this.isCovered && !BEHIND.has(frame.type)) return;
    const hear = {
      Welcome: () => this._welcome(frame),
      MessageAccepted: () => this._accepted(frame.key, frame.seq),
      MessagePosted: () => this._posted(frame),
      MessageWithdrawn: () => this.view.withdrawn(this.transcript.withdraw(frame.seq)),
      AdvocateJoined: () => this._joined(frame),
      QueueMoved: () => this.view.moved(frame.place, frame.minutes),
      LineChanged: () => this.view.line(frame.line),
      Typing: () => this._types(true),
      AnswerKept: () => this._kept(frame),
      ComebackMade: () => this.view.comebackMade(frame),
      ConversationClosed: () => this.view.over(frame.how),
      Refused: () => this._refused(frame),
    }[frame.type];
    if (hear) hear();
    this.early.push(frame);
    // A number is missing: a new line asks for everything after the last one seen.
    if (this.transcript.hasGap && frame.seq && frame.type !== "MessageAccepted") this.connection.renew();
  }

  // Nothing is left to be sent, shown or watched.
  stop() {
    clearInterval(this.watch);
    this.forget();
  }

  forget() {
    clearTimeout(this.typingTimer);
    this.transcript.forget();
    this.outbox.forget();
    this.answers.clear();
    this.early.length = 0;
  }

  _write(text, said) {
    const key = newKey();
    const fields = Object.assign({ key }, said);
    const entry = this.transcript.write(key, text);
    this.view.posted(entry, null);
    this.outbox.add(key, fields, Date.now()).words = text;
    this.view.marked(entry, "sending");
    this._sendWords(fields);
  }

  // A tap waits for a server that knows cards: an older one would end the line over it.
  _sendWords(fields) {
    if (fields.text) this._send("Say", fields);
    else if (this._speaks(3)) this._send("Tap", fields);
  }

  _welcome({ state, place, minutes, name, waited, answers }) {
    if (state === "ended") {
      this.view.over();
      return;
    }
    const kept = Object.assign({}, answers);
    for (const [question, asked] of this.answers) kept[question] = asked.choice;
    this.view.kept(kept);
    if (state === "waiting") this.view.waiting(place, minutes, waited);
    else this.view.talking(name);
    this.resend();
  }

  _accepted(key, seq) {
    const entry = this.transcript.accept(key, seq) || this.transcript.byKey.get(key);
    this.outbox.accepted(key);
    if (!entry) return;
    this.view.settled(entry, this.transcript.after(entry));
    this.view.marked(entry, "received");
  }

  _posted(frame) {
    if (frame.author === "system") {
      if (!this.transcript.mark(frame.seq)) return;
      if (frame.line) this.view.note((this.told = frame).line);
      if (frame.text === "back") this.view.cameBack();
      if (frame.text === "asked") this.view.asked(this._speaks(2));
      if (frame.text === "returned") this.view.returned();
      if (frame.text === "here") this.view.did("stillHere", frame.name);
      if (frame.text === "withdrawn") this.view.did("withdrawn", frame.name);
      if (frame.text === "stayed") this.view.stayed();
      return;
    }
    if (frame.of) this.view.tapped(frame.of, frame.choice);
    if (frame.author === "visitor" && this.transcript.byKey.has(frame.key)) {
      this._accepted(frame.key, frame.seq);
      return;
    }
    const entry = this.transcript.post(frame);
    if (!entry) return;
    this._types(false);
    this.view.posted(entry, this.transcript.after(entry), frame.choices);
    if (entry.author === "visitor") this.view.marked(entry, "received");
  }

  _joined({ seq, name, before }) {
    if (this.transcript.mark(seq)) this.view.joined(name, before);
    this.view.talking(name);
  }

  _kept({ key, question, choice }) {
    const asked = this.answers.get(question);
    if (asked && asked.key === key) this.answers.delete(question);
    if (!this.answers.has(question)) this.view.kept({ [question]: choice });
  }

  _tellCover() {
    if (!this._speaks(3)) return;
    this.coverKey = newKey();
    this._send(this.isCovered ? "Cover" : "Uncover", { key: this.coverKey, word: this.word });
  }

  _refused({ key, reason }) {
    if (key === this.coverKey) setTimeout(() => this._tellCover(), LOOK_EVERY);
    if (key === this.wished) {
      this.view.comebackRefused();
      return;
    }
    for (const [question, asked] of this.answers) if (asked.key === key && reason !== "away") this.answers.delete(question);
    if (reason === "away") {
      this.outbox.hold(key, Date.now());
      setTimeout(() => this.resend(), LOOK_EVERY);
      return;
    }
    const entry = this.transcript.byKey.get(key);
    if (this.outbox.refused(key) && entry) this.view.refused(entry, reason);
  }

  _types(isTyping) {
    clearTimeout(this.typingTimer);
    this.view.typing(isTyping);
    if (isTyping) this.typingTimer = setTimeout(() => this.view.typing(false), TYPING_FOR);
  }

  _look() {
    for (const { key } of this.outbox.overdue(Date.now())) {
      this.view.marked(this.transcript.byKey.get(key), "not-sent");
    }
  }

  // Whether the line answered with this version or a newer one.
  _speaks(version) {
    return Number(String(this.connection.version).slice(5)) >= version;
  }

  _send(type, fields) {
    return this.connection.send(writeFrame(type, fields));
  }
}

// Keeps the conversations of one desk apart: each with its own number, words, notes, draft and clocks.

import { Transcript } from "../chat/ordering.js";
import { GREETING, Standing } from "./standing.js";

// Milliseconds.
const DROP_AFTER = 3000;

// As many as desk-chat.css draws.
const LOOKS = 9;

export class Talk {
  constructor(id, number) {
    this.id = id;
    // 1, 2, 3: where it stands.
    this.number = number;
    this.transcript = new Transcript();
    this.notes = new Transcript();
    this.card = {};
    // Number of a card that was sent -> {card, choice, text}: what was asked, and the latest answer.
    this.asked = new Map();
    this.standing = new Standing();
    this.state = "talking";
    // `next`: another holds it until all of it stands here; `watcher`, `joined`: another holds it, and she reads along, or
    // writes as well; `guest`: she does by the visitor's yes, from then on. And how far an offer of it has come, and to whom.
    this.role = "owner";
    // The alias of a guest who is in it by the visitor's yes.
    this.guest = "";
    this.offer = "";
    this.offeredTo = "";
    // The word for the phone that was made on this page.
    this.phoneWord = "";
    this.line = "connected";
    this.goneSince = null;
    this.coveredSince = null;
    this.droppedAt = null;
    this.isDropTold = false;
    this.safeSince = null;
    this.dangerSince = this.otherSince = null;
    this.unansweredSince = null;
    this.unansweredBefore = null;
    this.unansweredUpTo = 0;
    this.how = null;
    this.wipedAt = null;
    this.unread = 0;
    this.readUpTo = 0;
    this.isPutAway = false;
  }

  // Its shape and colour, 1 to LOOKS: the tenth looks like the first, and is told apart by its number.
  get look() {
    return ((this.number - 1) % LOOKS) + 1;
  }

  get name() {
    return this.card.name || "";
  }

  get isOver() {
    return this.state === "ended";
  }

  // Whether this desk may say anything there: by holding it, or by having joined whoever does.
  get mayWrite() {
    return this.isHeld || (!this.isOver && ["joined", "guest"].includes(this.role));
  }

  get isHeld() {
    return !this.isOver && this.role === "owner";
  }

  keepCard(card, now) {
    this.card = card;
    this.safeSince = card.safe ? now - card.safe_s * 1000 : null;
    this.otherSince = card.other ? now - card.other_s * 1000 : null;
    this.dangerSince = card.danger ? now - card.danger_s * 1000 : null;
  }

  // What was asked under this number was taken back; a greeting may be said again.
  takesBack(seq) {
    if (this.asked.get(seq)?.card === GREETING) this.standing.isGreeted = false;
    this.asked.delete(seq);
  }

  // Whether this card or sentence stands in the conversation, as the house has numbered it.
  hasSaid(name) {
    return [...this.asked.values()].some(({ card }) => card === name);
  }

  // The visitor's line, and when it went or was covered: whoever comes back after that may be somebody else. Answers what
  // is worth a word: that the page was covered, and how she came back from there.
  // `backS`: for how long a number may bring her back after the exit.
  turnLine(line, goneS, now, backS = 0) {
    const was = this.line;
    this.line = line;
    this.coveredSince = line === "covered" ? now - goneS * 1000 : null;
    this.goneSince = line === "gone" ? now - goneS * 1000 : null;
    this.backUntil = now + backS * 1000;
    if (line !== "gone") this.isDropTold = false;
    if ((line === "gone" || line === "left") && !this.isOver) this.droppedAt = now;
    if (this.isOver || line === "left" || (line === "covered") === (was === "covered")) return null;
    this.droppedAt = now;
    return line === "covered" ? "covered" : { word: "backWord", held: "backHeld" }[this.card.back] ?? "backOpen";
  }

  // On another window, or another device, she has read up to here.
  readElsewhere(seq) {
    if (seq <= this.readUpTo) return;
    this.readUpTo = seq;
    const later = this.transcript.entries.filter((entry) => entry.author === "visitor" && entry.seq > seq).length;
    this.unread = Math.min(this.unread, later);
  }

  // True once for each drop, when it has lasted: a line that blinks is not worth a word.
  tellDrop(now) {
    if (this.isOver || this.goneSince === null || this.isDropTold || now - this.goneSince < DROP_AFTER) return false;
    this.isDropTold = true;
    return true;
  }

  // An answer from before a drop, or before somebody else may have come, says nothing about who holds the phone now.
  get isSafeStale() {
    const since = Math.max(this.droppedAt ?? 0, this.otherSince ?? 0);
    return since > 0 && (this.safeSince === null || this.safeSince < since);
  }

  // Since when nobody has answered her, as the house knows it for what was said up to `last`.
  keepUnanswered(seconds, last, now) {
    this.unansweredBefore = seconds ? now - seconds * 1000 : null;
    this.unansweredUpTo = last;
  }

  // One message more, whoever wrote it: an answer stops the clock, her next words start it.
  turnUnanswered(author, seq, now) {
    if (author !== "visitor") this.unansweredSince = null;
    else if (this.unansweredSince === null) {
      const isOld = seq <= this.unansweredUpTo && this.unansweredBefore !== null;
      this.unansweredSince = isOld ? this.unansweredBefore : now;
    }
  }

  close(how, wrapUpS, now) {
    this.state = "ended";
    this.how = how;
    this.wipedAt = now + wrapUpS * 1000;
  }
}

export class Talks {
  // Words that came while another conversation, or another window, was looked at.
  get unread() {
    return this.shown.reduce((sum, talk) => sum + talk.unread, 0);
  }

  constructor() {
    this.byId = new Map();
    this.active = null;
  }

  // The talk, made when it is new; it takes the lowest free number and keeps it.
  open(id) {
    let talk = this.byId.get(id);
    if (!talk) {
      const taken = new Set(this.shown.map(({ number }) => number));
      let number = 1;
      while (taken.has(number)) number += 1;
      talk = new Talk(id, number);
      this.byId.set(id, talk);
    }
    return talk;
  }

  get(id) {
    return this.byId.get(id) ?? null;
  }

  drop(id) {
    this.byId.delete(id);
    if (this.active?.id === id) this.active = this.shown[0] ?? null;
  }

  forget() {
    this.byId.clear();
    this.active = null;
  }

  activate(talk) {
    this.active = talk;
    if (talk) talk.unread = 0;
  }

  // In the order of their numbers.
  get shown() {
    return [...this.byId.values()].filter(({ isPutAway }) => !isPutAway).sort((a, b) => a.number - b.number);
  }

  // What a Resume says: how far this page got with each.
  held() {
    return [...this.byId.values()].map(({ id, transcript, notes }) => ({
      conversation: id,
      last: transcript.last,
      last_note: notes.last,
    }));
  }
}

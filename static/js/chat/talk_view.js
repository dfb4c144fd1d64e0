// Shows what changed in the conversation: which part of the column stands, whose words, what is read out.

import { Words } from "./words.js";

export class TalkView {
  constructor({ log, cards, lineState, waitingRoom, wayBack, words, announcer, typing, stay, over }) {
    Object.assign(this, { log, cards, lineState, waitingRoom, wayBack, words, announcer, typingLine: typing, stay, over });
    this.name = "";
    this.otherIsGone = false;
  }

  // choices: what can be tapped, of a card.
  posted(entry, before, choices = []) {
    const isOwn = entry.author === null || entry.author === "visitor";
    if (isOwn) this.stayed();
    const name = Words.apart(entry.name);
    const more = choices.length ? this.cards.row(entry.seq, choices) : "";
    this.log.add(entry, before, { kind: isOwn ? "own" : "other", by: isOwn ? null : name, more });
    if (!isOwn) this.announcer.say([`${name}: ${entry.text}`, ...choices.map((choice) => choice[1])].join(" · "));
  }

  // Off the page, and not read out if that is still to come.
  withdrawn(entry) {
    if (!entry) return;
    this.log.remove(entry);
    this.announcer.unsay(entry.text);
  }

  tapped(seq, choice) {
    this.cards.mark(seq, choice);
  }

  // What her advocate did, in a line of the house.
  did(what, name) {
    this.note(this.words.say(what, { name: Words.apart(name) }));
  }

  marked(entry, state) {
    if (entry) this.log.mark(entry, state);
    if (state === "not-sent") this.announcer.say(this.words.say("notSent"));
  }

  settled(entry, next) {
    this.log.settle(entry, next);
  }

  refused(entry, reason) {
    this.log.mark(entry, "not-sent");
    const why = reason === "too_long" ? "tooLong" : "refused";
    this.note(this.words.say(why));
  }

  waiting(place, minutes, waited) {
    this.lineState.meet("");
    this.waitingRoom.show();
    this.waitingRoom.waits(waited);
    this.moved(place, minutes);
  }

  moved(place, minutes) {
    this.waitingRoom.move(place, minutes);
  }

  // before: who handed her on, and has told the one who comes; then nothing begins anew.
  joined(name, before) {
    this.note(this.words.say(before ? "handed" : "joined", { name: Words.apart(name), before: Words.apart(before) }));
  }

  talking(name) {
    this.name = name;
    this.lineState.meet(name);
    this.waitingRoom.hide();
    this.log.toEnd();
  }

  // Her advocate's line broke: she is at the front of the queue again.
  returned() {
    this.note(this.words.say("returned", { name: Words.apart(this.name) }));
    this.typing(false);
    this.otherIsGone = false;
    this.lineState.meet("");
    this.waitingRoom.show();
    this.waitingRoom.again();
  }

  // She came back by her number: this page holds the talk now.
  cameBack() {
    this.stayed();
    this.note(this.words.say("cameBack"));
  }

  // It has been quiet: one tap, or any words, and she stays.
  asked(mayTap) {
    this.stayed();
    this.question = this.note(this.words.say("stillThere"));
    if (!mayTap) return;
    const tap = document.createElement("button");
    tap.type = "button";
    tap.className = "button button-second";
    tap.textContent = this.words.say("stay");
    tap.addEventListener("click", () => this.stay());
    this.question.append(tap);
    if (this.log.isAtEnd) this.log.toEnd();
  }

  stayed() {
    const tap = this.question && this.question.querySelector("button");
    if (tap) tap.remove();
  }

  comebackMade(number) {
    this.wayBack.made(number);
  }

  comebackRefused() {
    this.wayBack.refused();
  }

  kept(answers) {
    this.waitingRoom.keep(answers);
  }

  line(line) {
    const isGone = line === "gone";
    if (isGone === this.otherIsGone) return;
    this.otherIsGone = isGone;
    this.note(this.words.say(isGone ? "otherGone" : "otherBack", { name: Words.apart(this.name) }));
  }

  typing(isTyping) {
    const wasAtEnd = this.log.isAtEnd;
    this.typingLine.textContent = isTyping ? this.words.say("writing", { name: Words.apart(this.name) }) : "";
    this.typingLine.hidden = !isTyping;
    if (isTyping && wasAtEnd) this.log.toEnd();
  }

  note(text) {
    this.announcer.say(text);
    return this.log.note(text);
  }
}

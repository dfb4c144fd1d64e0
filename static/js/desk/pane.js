// One conversation's place on the desk: its words, its own field, its end; nothing typed for one can go to another.

import { LogView } from "../chat/log_view.js";
import { Words } from "../chat/words.js";
import { asAge, asClock } from "./clock.js";
import { Boundary } from "./boundary.js";
import { Danger } from "./danger.js";
import { Finder } from "./finder.js";
import { Handing } from "./handing.js";
import { translation } from "./made.js";
import { Recording } from "./recording.js";
import { GREETING } from "./standing.js";
import { Tried } from "./tried.js";

export class Pane {
  // act: {say, ask, stillHere, typing, retry, close, putAway, markDanger, endDanger, colleagues, handOff, phoneWord, keepHere, join, askGuest, sendAway}, each
  // called with the talk; mayJoin().
  // tag: where the card says what danger was marked; regions: with their numbers.
  constructor({ talk, template, words, book, act, tag, regions }) {
    Object.assign(this, { talk, words, book, act });
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.id = `pane-${talk.number}`;
    this.element.classList.add(`talk-${talk.look}`);
    this.element.setAttribute("aria-labelledby", `tab-${talk.number}`);
    this.field = this.#at("field");
    this.log = new LogView({
      list: this.#at("log"),
      scroller: this.#at("scroll"),
      newer: this.#at("newer"),
      words,
      onRetry: () => act.retry(talk),
    });
    this.#at("shape").textContent = String(talk.number);
    this.#at("send").addEventListener("click", () => this.#send());
    this.field.addEventListener("input", () => {
      this.tried.hide();
      act.typing(talk);
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
        event.preventDefault();
        this.#send();
      }
    });
    this.tried = new Tried({
      button: this.#at("try"),
      box: this.#at("tried"),
      words,
      book,
      talk,
      ask: (key, text) => act.tryWords(talk, key, text),
      draft: () => this.draft,
    });
    this.finder = new Finder({
      element: this.#at("book"),
      book,
      words,
      language: () => talk.card.language || book.desk,
      isReady: (name) => book.isReady(name, talk),
      act: { send: (name) => this.#ask(name), draft: (text) => this.#draft(text), close: () => this.focus() },
    });
    this.danger = new Danger({
      element: this.#at("danger"),
      tag,
      talk,
      book,
      words,
      regions,
      act: {
        mark: (kind, who) => act.markDanger(talk, kind, who),
        tick: (step, isSet) => act.tickStep(talk, step, isSet),
        end: (outcome, text, done) => !this.isOffline && act.endDanger(talk, { outcome, text, done }),
        send: (name) => this.#ask(name),
        draft: (text) => this.#draft(text),
        close: () => this.focus(),
      },
    });
    this.boundary = new Boundary({
      element: this.#at("boundary"),
      talk,
      book,
      words,
      act: {
        send: (name) => this.#ask(name),
        hold: (said) => !this.isOffline && act.holdOff(talk, said),
        close: () => this.focus(),
      },
    });
    this.#at("boundary-open").addEventListener("click", () => this.boundary.turn(!this.boundary.isOpen));
    this.#at("danger-open").addEventListener("click", () => this.inDanger());
    this.#at("help").addEventListener("click", () => this.callHelp());
    this.#at("cards").addEventListener("click", () => this.find());
    this.#at("here").addEventListener("click", () => this.stillHere());
    this.#at("greet").addEventListener("click", () => this.greet());
    this.#at("close").addEventListener("click", () => this.#sure(true));
    this.#at("close-keep").addEventListener("click", () => this.#sure(false));
    this.#at("close-now").addEventListener("click", () => {
      this.#sure(false);
      act.close(talk);
    });
    this.#at("put-away").addEventListener("click", () => act.putAway(talk));
    const isActive = () => !this.element.hidden;
    this.recording = new Recording({ element: this.#at("record"), talk, words, tell: act.tell, isActive });
    this.handing = new Handing({
      element: this.element,
      talk,
      words,
      act: {
        colleagues: () => act.colleagues(talk),
        handOff: (to, note) => act.handOff(talk, to, note),
        phoneWord: (note) => act.phoneWord(talk, note),
        keepHere: () => act.keepHere(talk),
        mayJoin: () => act.mayJoin(),
        join: () => act.join(talk),
        askGuest: (person, as) => act.askGuest(talk, person, as),
        sendAway: () => act.sendAway(talk),
        focus: () => this.focus(),
      },
      told: (text) => act.tell(text),
    });
  }

  get draft() {
    return this.field.value.trim();
  }

  show(isShown) {
    this.element.hidden = !isShown;
    if (isShown) this.log.toEnd();
  }

  // Everything that says who this is, how her line is, and whether anything can be sent.
  draw(now, isOffline, mayOffer) {
    const { talk, words } = this;
    const stood = this.element.contains(document.activeElement) ? document.activeElement : null;
    this.handing.draw(isOffline, mayOffer);
    const name = words.nameOf(talk);
    this.isOffline = isOffline;
    this.#at("state").dataset.line = talk.isOver ? "over" : talk.line === "left" ? "gone" : talk.line;
    this.#at("asked").hidden = talk.isOver || talk.role === "guest";
    this.#at("state").lastElementChild.textContent = words.lineOf(talk, now, asAge);
    this.#at("safe").textContent = words.safeOf(talk, now, asAge);
    this.#at("to").textContent = words.say("to", { name, language: words.language(talk.card.language ?? "") });
    this.#at("send").textContent = words.say("sendTo", { name });
    this.#at("send").setAttribute("aria-disabled", String(isOffline));
    this.#at("keys").textContent = words.say(isOffline ? "draftKept" : talk.isHeld ? "keys" : "keysSend");
    this.#at("scroll").setAttribute("aria-label", words.say("wordsOf", { name }));
    this.#at("close-question").textContent = words.say("closeSure", { name });
    this.#at("close").hidden = !talk.isHeld;
    this.#at("composer").hidden = !talk.mayWrite;
    this.#at("hands").hidden = !talk.isHeld;
    if (!talk.isHeld && this.finder.isOpen) this.finder.turn(false);
    this.#at("greet").hidden = talk.standing.isGreeted;
    this.tried.draw(isOffline);
    this.danger.draw(now);
    this.boundary.draw(isOffline);
    this.recording.draw(now);
    this.#at("help").hidden = talk.role !== "owner" || talk.isOver || !this.act.mayHelp();
    this.#at("over").hidden = !talk.isOver;
    if (talk.isOver) this.#over(name, now);
    // What she wrote in is gone with the end: she stands on the words, where no press does anything.
    if (talk.isOver && stood?.checkVisibility?.() === false) this.#at("scroll").focus();
    // Nobody writes behind an exit or a dead line.
    if (talk.isOver || talk.line === "gone" || talk.line === "left") this.types(false);
  }

  post(entry, before) {
    const isOwn = entry.author !== "visitor";
    // What she said before this page was there is hers all the same; a colleague's stands under the name it was said by.
    const isHers = entry.own || !entry.name;
    const by = !isOwn ? this.words.nameOf(this.talk) : isHers ? this.words.say("you") : Words.apart(entry.name);
    this.log.add(entry, before, { kind: isOwn ? "own" : "other", by, more: this.#ours(entry) });
  }

  // What a machine made of these words stands under them, and grows downward.
  translated(entry, frame) {
    const item = entry && this.log.drawn.get(entry);
    const part = item && translation(frame, this.words);
    if (!part) return;
    const stay = this.log.isAtEnd;
    item.querySelector(".made")?.remove();
    const words = item.querySelector(".bubble-words");
    words.lang = frame.source || "";
    words.after(part);
    if (stay) this.log.toEnd();
  }

  // Cards and sentences, by two letters.
  find() {
    if (this.talk.isHeld) this.finder.turn(!this.finder.isOpen);
  }

  // A supervisor, now: what comes of it stands above the desk.
  callHelp() {
    if (this.talk.role === "owner" && !this.talk.isOver) this.act.callHelp(this.talk);
  }

  // The kinds of danger, or back to the words.
  inDanger() {
    if (this.talk.role === "owner") this.danger.turn(!this.danger.isOpen);
  }

  // Once by each who takes her: by one key, with her own name in the sentence.
  greet() {
    if (this.talk.standing.isGreeted || !this.#ask(GREETING)) return;
    this.talk.standing.isGreeted = true;
    this.#at("greet").hidden = true;
    this.focus();
  }

  stillHere() {
    if (!this.isOffline && this.talk.isHeld) this.act.stillHere(this.talk);
  }

  types(isTyping) {
    const line = this.#at("typing");
    const wasAtEnd = this.log.isAtEnd;
    line.textContent = isTyping ? this.words.say("writing", { name: this.words.nameOf(this.talk) }) : "";
    line.hidden = !isTyping;
    if (isTyping && wasAtEnd) this.log.toEnd();
  }

  focus() {
    if (this.talk.mayWrite) this.field.focus();
    else this.recording.focus();
  }

  // What is over leaves the page; what is not is asked about first.
  end() {
    if (this.talk.isOver) this.act.putAway(this.talk);
    else if (this.talk.isHeld) this.#sure(true);
  }

  // The words leave the page before the page leaves the desk.
  wipe() {
    this.field.value = "";
    this.danger.wipe();
    this.boundary.wipe();
    this.recording.wipe();
    this.handing.wipe();
    this.log.clear();
    this.element.remove();
  }

  // What a card or a tap says in the desk's own language, under what she reads.
  #ours({ card, choice }) {
    const { book } = this;
    const hers = this.talk.card.language || book.desk;
    const isCard = card && book.has(card);
    if (!(isCard || choice) || hers === book.desk) return "";
    const line = document.createElement("p");
    line.className = "bubble-ours";
    line.lang = book.desk;
    line.textContent = isCard ? book.say(card) : book.sayChoice(choice);
    return line;
  }

  // True when it went out.
  #ask(name) {
    if (this.isOffline || !this.talk.isHeld) return false;
    this.act.ask(this.talk, name, this.book.say(name, this.talk.card.language || this.book.desk));
    return true;
  }

  // Into the words that are being written, where they can be changed.
  #draft(text) {
    const { value } = this.field;
    this.field.value = value && !/\s$/.test(value) ? `${value} ${text}` : value + text;
  }

  #over(name, now) {
    const { talk, words } = this;
    const how = { end: "endEnd", exit: "endExit", closed: "endClosed", quiet: "endQuiet", gone: "endGone" }[talk.how] ?? "ended";
    this.#at("how").textContent = words.say(how, { name });
    this.#at("clock").textContent = talk.wipedAt ? words.say("wipe", { time: asClock((talk.wipedAt - now) / 1000) }) : "";
  }

  #send() {
    const text = this.draft;
    // Without a line the draft stays where it is: nothing is sent later by surprise.
    if (!text || this.isOffline || !this.talk.mayWrite) return;
    this.act.say(this.talk, text);
    this.field.value = "";
    this.tried.hide();
    this.field.focus();
  }

  #sure(isAsking) {
    this.#at("sure").hidden = !isAsking;
    (isAsking ? this.#at("close-keep") : this.#at("close")).focus();
  }

  #at(name) {
    return this.element.querySelector(`[data-at="${name}"]`);
  }
}

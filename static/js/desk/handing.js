// In one conversation's pane: offers it to a colleague with a note, says how far that has come, and keeps it here.

import { Words } from "../chat/words.js";

// In place of a colleague: whoever answers the phone and is told a word there.
const PHONE = "phone";

export class Handing {
  // element: the pane; act: {colleagues(), handOff(to, note), phoneWord(note), keepHere(), mayJoin(), join(),
  // askGuest(person, as), sendAway(), focus()}; told(text): what is missing.
  constructor({ element, talk, words, act, told }) {
    Object.assign(this, { element, talk, words, act, told });
    this.button = this.#at("hand");
    this.box = this.#at("hand-box");
    this.to = this.#at("hand-to");
    this.note = this.#at("hand-note");
    this.button.addEventListener("click", () => this.turn(this.box.hidden));
    this.#at("hand-not").addEventListener("click", () => this.turn(false));
    this.#at("hand-now").addEventListener("click", () => this.#offer());
    this.#at("hand-keep").addEventListener("click", () => {
      if (!this.isOffline) act.keepHere();
    });
    this.#at("hand-join").addEventListener("click", () => {
      if (!this.isOffline) act.join();
    });
    this.#at("guest-ask").addEventListener("click", () => this.#askGuest());
    this.#at("guest-away").addEventListener("click", () => {
      if (!this.isOffline) act.sendAway();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      this.turn(false);
    });
    this.colleagues([]);
  }

  // Whether this conversation can be handed on now: by the one who holds it, where the house knows how.
  get isHers() {
    return !this.isOffline && !this.talk.isOver && this.talk.role === "owner" && this.mayOffer;
  }

  turn(isOpen) {
    if (isOpen && !this.isHers) return;
    this.box.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) {
      this.act.focus();
      return;
    }
    this.act.colleagues();
    this.to.focus();
  }

  // Who is ready now; what she had chosen stays chosen.
  colleagues(ready) {
    const { value } = this.to;
    const anyone = new Option(this.words.say("handAnyone"), "");
    const phone = new Option(this.words.say("handByPhone"), PHONE);
    this.ready = ready;
    this.to.replaceChildren(anyone, phone, ...ready.map((one) => new Option(this.#named(one), one.person)));
    if (value === PHONE || ready.some(({ person }) => person === value)) this.to.value = value;
  }

  draw(isOffline, mayOffer) {
    Object.assign(this, { isOffline, mayOffer });
    const { offer, offeredTo, role } = this.talk;
    this.button.hidden = !this.isHers;
    if (this.talk.isOver || role !== "owner") this.box.hidden = true;
    for (const name of ["hand-now", "hand-keep", "hand-join"]) this.#at(name).setAttribute("aria-disabled", String(isOffline));
    const reading = { next: "handYouRead", watcher: "watchYouRead", joined: "watchYouWrite", guest: "guestYouAre" }[role];
    const said = reading ? this.words.say(reading) : offer ? this.#said(offer, offeredTo) : "";
    const line = this.#at("hand-said");
    if (line.textContent !== said) line.textContent = said;
    this.#at("hand-state").hidden = !said;
    this.#at("hand-keep").hidden = role === "next";
    this.#at("hand-keep").textContent = this.words.say({ watcher: "watchStop", joined: "watchLeave", guest: "watchLeave" }[role] ?? "handKeep");
    this.#at("guest-box").hidden = !this.act.mayJoin() || Boolean(this.talk.guest);
    this.#at("guest-state").hidden = !this.talk.guest || !this.isHers;
    this.#at("guest-away").textContent = this.words.say("guestAway", { name: Words.apart(this.talk.guest) });
    this.#at("guest-away").setAttribute("aria-disabled", String(isOffline));
    this.#at("hand-join").hidden = role !== "watcher" || this.talk.isOver || !this.act.mayJoin();
  }

  // With what she speaks. One who only joins is told apart: a talk cannot be handed to her. The name comes first and as
  // it is: somebody at the keyboard types its first letters.
  #named({ name, guest, languages = [] }) {
    const speaks = languages.map((tag) => this.words.language(tag)).join(", ");
    return [name, guest ? this.words.say("guestOnly") : "", speaks].filter(Boolean).join(" · ");
  }

  #said(offer, offeredTo) {
    const { words, talk } = this;
    if (offer === PHONE) {
      const word = talk.phoneWord.replace(/(...)(?=.)/, "$1 ");
      return word ? words.say("handPhone", { name: Words.apart(word) }) : words.say("handPhoneOut");
    }
    const name = Words.apart(offeredTo) || words.say("handAnyone");
    return words.say(`hand${offer[0].toUpperCase()}${offer.slice(1)}`, { name });
  }

  wipe() {
    this.talk.phoneWord = "";
    this.note.value = "";
  }

  // Nobody joins unasked: her page gets a card, and her tap decides.
  #askGuest() {
    const { value } = this.to;
    if (!this.isHers) return;
    if (!value || value === PHONE) {
      this.told(this.words.say("guestChoose"));
      this.to.focus();
      return;
    }
    this.act.askGuest(value, this.#at("guest-as").value);
    this.turn(false);
  }

  #offer() {
    const note = this.note.value.trim();
    if (!this.isHers) return;
    if (this.ready.some(({ person, guest }) => guest && person === this.to.value)) {
      this.told(this.words.say("guestNotHanded"));
      this.to.focus();
      return;
    }
    if (!note) {
      this.told(this.words.say("handNoteFirst"));
      this.note.focus();
      return;
    }
    if (this.to.value === PHONE) this.act.phoneWord(note);
    else this.act.handOff(this.to.value, note);
    this.note.value = "";
    this.turn(false);
  }

  #at(name) {
    return this.element.querySelector(`[data-at="${name}"]`);
  }
}

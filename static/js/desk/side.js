// Beside the words: what she told us, with the age of what may have changed, and notes she never sees.

import { Words } from "../chat/words.js";
import { asAge } from "./clock.js";
import { Facts } from "./facts.js";
import { Interpreter } from "./interpreter.js";
import { drawMachine } from "./machine.js";

const ASKED = ["about", "region", "phone", "reads", "cutoff", "kin"];

export class Side {
  // saveNote(talk, text) is called with words that are not blank.
  // takeDown(talk) is asked to keep what is marked; mayBeOther(talk, is) to mark that somebody else may be writing;
  // askKeep(talk, text) asks her whether these words may be kept; tick(talk, of, isSet) marks a stage.
  constructor({ talk, template, words, book, regions, saveNote, takeDown, mayBeOther, askKeep, tick }) {
    Object.assign(this, { talk, words, book, regions });
    this.element = template.content.firstElementChild.cloneNode(true);
    this.interpreter = new Interpreter({ element: this.element, words });
    this.facts = new Facts({ element: this.element, talk, words, book, tick });
    for (const link of this.element.querySelectorAll("[data-about]")) link.href = link.dataset.about + talk.id;
    this.#at("place-show").addEventListener("click", () => {
      this.showsPlace = true;
      this.draw(Date.now(), this.isOffline, this.facts.mayTick);
    });
    this.#at("other").addEventListener("click", () => this.isOffline || mayBeOther(talk, !talk.card.other));
    const field = this.#at("note");
    this.#at("down").addEventListener("click", () => takeDown(talk));
    const save = () => {
      const text = field.value.trim();
      if (!text || this.isOffline) return;
      saveNote(talk, text);
      field.value = "";
      field.focus();
    };
    this.#at("save").addEventListener("click", save);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      save();
    });
    const keep = this.#at("keep");
    this.#at("keep-ask").addEventListener("click", () => {
      const text = keep.value.trim();
      if (!text || this.isOffline || talk.isOver) return;
      askKeep(talk, text);
      keep.value = "";
    });
  }

  get dangerTag() {
    return this.#at("danger-tag");
  }

  show(isShown) {
    this.element.hidden = !isShown;
  }

  // To the field of the notes, where there is one for her.
  writeNote() {
    this.#at("note").focus();
  }

  draw(now, isOffline, mayTick) {
    const { talk, words, regions } = this;
    this.isOffline = isOffline;
    const { card } = talk;
    this.#at("name").textContent = words.nameOf(talk);
    // A guest was told none of it.
    const told = [this.#at("facts"), this.#at("notes-part"), ...this.element.querySelectorAll(".side-ticks")];
    for (const part of told) part.hidden = talk.role === "guest";
    const unanswered = talk.isOver || talk.unansweredSince === null ? 0 : (now - talk.unansweredSince) / 1000;
    this.#at("unanswered").hidden = unanswered < words.number("unansweredAfter");
    this.#at("unanswered").textContent = words.say("unanswered", { time: asAge(unanswered) });
    const spoken = card.spoken && words.say("spoken", { language: words.language(card.spoken) });
    this.#at("language").textContent = [words.language(card.language ?? ""), spoken].filter(Boolean).join(" · ");
    this.#at("writes").hidden = !card.writes;
    this.#at("writes").textContent = card.writes ? words.say("writesIn", { language: words.language(card.writes) }) : "";
    for (const question of ASKED) this.#at(question).textContent = this.#answer(question, card[question] ?? "");
    // A row only for whoever asked: most do not, and the card has to stay in view.
    this.#at("kin-row").hidden = !card.kin;
    // It may be somebody else who is back: no place is read to them because it stood on the card.
    const isOther = card.back === "held" || card.other;
    if (!isOther) this.showsPlace = false;
    const hidesPlace = isOther && Boolean(card.region) && !this.showsPlace;
    this.#at("other-tag").hidden = this.#at("other-what").hidden = !card.other;
    this.#at("other").textContent = words.say(card.other ? "otherEnd" : "otherButton");
    this.#at("other").setAttribute("aria-pressed", String(Boolean(card.other)));
    this.#at("region").hidden = hidesPlace;
    this.#at("place-show").hidden = !hidesPlace;
    if (hidesPlace) this.#at("region").textContent = "";
    // A region's name of ours, or nothing: what she typed stands in no address.
    const protocol = this.#at("protocol");
    const meant = hidesPlace ? "" : regions.find(card.region ?? "");
    if (protocol) protocol.search = meant ? `?region=${meant}` : "";
    this.#at("region-number").hidden = hidesPlace || !card.region;
    this.#at("region-number").textContent = hidesPlace ? "" : this.#number(card.region || "");
    this.#at("safe").textContent = words.safeOf(talk, now, asAge);
    // Worth a row only where it changes how one writes: without script no typing shows, and answers take a tap more.
    this.#at("way-row").hidden = !card.way;
    this.#at("way").textContent = card.way ? words.say(card.way === "plain" ? "wayPlain" : "wayPoll") : "";
    drawMachine(this.element, card, words);
    this.#drawAsked();
    this.facts.draw(isOffline, mayTick, hidesPlace ? "" : regions.protectsOf(regions.find(card.region || "")));
    this.interpreter.draw(card, talk.role !== "guest" && !talk.isOver);
    this.#at("private").textContent = words.say("notePrivate");
    this.#at("keeping").hidden = talk.role !== "owner" || (talk.isOver || Boolean(card.other));
    this.#at("keep-ask").setAttribute("aria-disabled", String(isOffline));
    this.#at("save").setAttribute("aria-disabled", String(isOffline));
    for (const name of ["note", "save"]) this.#at(name).hidden = talk.role === "next";
    for (const name of ["down", "down-what", "other"]) this.#at(name).hidden = talk.role !== "owner";
  }

  addNote(entry, before) {
    const item = document.createElement("li");
    item.className = "note";
    item.dir = "auto";
    // Told by whom, for several may write here; one's own just written needs no name.
    item.textContent = `${entry.name ? `${Words.apart(entry.name)}: ` : ""}${this.#noteWords(entry)}`;
    entry.item = item;
    this.#at("notes").insertBefore(item, before?.item ?? null);
    this.markNote(entry, entry.seq === null ? "sending" : "received");
  }

  #noteWords({ of, text, danger, outcome }) {
    if (of) return `${this.words.say("takenDown")} “${text}”`;
    if (!danger) return text;
    const name = this.words.danger(danger);
    const said = outcome ? this.words.say("dangerWas", { kind: name, outcome: this.words.outcome(outcome) }) : this.words.say("dangerNote", { kind: name });
    return text ? `${said}: ${text}` : said;
  }

  markNote(entry, state) {
    if (entry.item) entry.item.dataset.sent = state;
  }

  wipe() {
    this.#at("note").value = this.#at("keep").value = "";
    this.element.remove();
  }

  // Every question once, the latest asked last, with what was tapped. Only what changed is drawn.
  #drawAsked() {
    const latest = new Map();
    for (const { card, choice } of this.talk.asked.values()) {
      if (!this.book.choicesOf(card).length) continue;
      latest.delete(card);
      latest.set(card, choice);
    }
    const drawn = JSON.stringify([...latest]);
    if (this.drawn === drawn) return;
    this.drawn = drawn;
    const list = this.#at("asked");
    list.parentElement.hidden = !latest.size;
    list.textContent = "";
    for (const [card, choice] of latest) {
      const row = document.createElement("div");
      row.append(document.createElement("dt"), document.createElement("dd"));
      row.firstChild.textContent = this.book.say(card);
      row.lastChild.textContent = choice ? this.book.sayChoice(choice) : this.words.say("noAnswerYet");
      list.append(row);
    }
  }

  #answer(question, choice) {
    if (!choice) return this.words.say("didNotSay");
    if (question === "region") return Words.apart(choice);
    return this.words.say(`${question}${choice[0].toUpperCase()}${choice.slice(1)}`) || choice;
  }

  // Whom to call there, with the region it is taken for: nobody is to read a number of some other place.
  #number(place) {
    const { regions, words } = this;
    const region = regions.find(place);
    const number = region && regions.emergencyOf(region);
    const told = { region: regions.nameOf(region), number: Words.apart(number) };
    return words.say(number ? "regionNumber" : region ? "regionNumbers" : "regionUnknown", told);
  }

  #at(name) {
    return this.element.querySelector(`[data-at="${name}"]`);
  }
}

// The rows of the card that come from more than one answer: whether I read it, a child, who reads, what is kept, stages.

import { Words } from "../chat/words.js";
import { isChild, keptWords } from "./standing.js";

export class Facts {
  // element: the card; tick(talk, of, isSet) marks a stage, or that she is a child.
  constructor({ element, talk, words, book, tick }) {
    Object.assign(this, { element, talk, words, book });
    this.ticks = [...element.querySelectorAll("[data-tick]")];
    for (const button of this.ticks) {
      button.addEventListener("click", () => {
        if (this.mayTick) tick(talk, button.dataset.tick, button.getAttribute("aria-pressed") !== "true");
      });
    }
  }

  // protects: the rule of her region, in words.
  draw(isOffline, mayTick, protects) {
    const { talk, words } = this;
    const { card, standing } = talk;
    this.mayTick = !isOffline && mayTick && talk.role === "owner";
    this.#at("unread").hidden = words.reads(card.language ?? "");
    this.#at("back-tag").hidden = !standing.cameBack;
    const { isChild: is, choice } = isChild(card, talk.asked);
    const said = choice && this.book.sayChoice(choice);
    this.#at("child").textContent = [words.say(is ? "childYes" : "childUnknown"), said, protects].filter(Boolean).join(" · ");
    this.#at("child").classList.toggle("is-child", is);
    this.#at("readers-row").hidden = !standing.readers.size;
    this.#at("readers").textContent = [...standing.readers].map(Words.apart).join(", ");
    this.#drawNote(card);
    this.#at("kept").textContent = Words.apart(keptWords(talk.asked)) || words.say("keptNothing");
    for (const button of this.ticks) {
      const { tick } = button.dataset;
      const isSet = tick === "child" ? Boolean(card.child) : (card.stages ?? []).includes(tick);
      button.setAttribute("aria-pressed", String(isSet));
      button.setAttribute("aria-disabled", String(!this.mayTick));
    }
  }

  // What she wrote before this talk: a way to it for whoever may open it, for the others that there is something.
  #drawNote({ wrote, note, day }) {
    const link = this.#at("wrote");
    this.#at("wrote-row").hidden = !wrote;
    link.hidden = !note;
    this.#at("wrote-closed").hidden = !wrote || Boolean(note);
    if (!note) return;
    const shown = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
    link.href = `/desk/tips/${encodeURIComponent(note)}`;
    link.textContent = this.words.say("wroteOn", { day: shown.format(new Date(day)) });
  }

  #at(name) {
    return this.element.querySelector(`[data-at="${name}"]`);
  }
}

// A chat that crosses a line: a sentence that leads back, a warning, and once she was warned and went on, the holding off.

import { press, sentence } from "./rows.js";

const WARNING = "firm";

export class Boundary {
  // act: {send(card), hold({why, hours, text}), close()}; hold answers true where it was sent.
  constructor({ element, talk, book, words, act }) {
    Object.assign(this, { element, talk, book, words, act });
    const list = this.#at("boundary-cards");
    this.rows = () => list.replaceChildren(...list.dataset.cards.split(" ").map((name) => this.#row(name)));
    this.#at("boundary-shut").addEventListener("click", () => this.turn(false));
    this.#at("boundary-now").addEventListener("click", () => {
      if (!this.#at("boundary-why").value) {
        this.#at("boundary-why").focus();
        return;
      }
      const went = act.hold({
        why: this.#at("boundary-why").value,
        hours: Number(this.#at("boundary-hours").value),
        text: this.#at("boundary-words").value.trim(),
      });
      if (went) this.wipe();
    });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.turn(false);
    });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  turn(isOpen) {
    this.element.hidden = !isOpen || !this.talk.isHeld;
    if (this.element.hidden) {
      this.act.close();
      return;
    }
    this.rows();
    this.draw();
    this.element.querySelector("button").focus();
  }

  // The holding off stands open where the server would do it: it looks for the same two things.
  draw(isOffline = false) {
    if (!this.isOpen) return;
    this.#at("boundary-now").setAttribute("aria-disabled", String(isOffline));
    const warned = [...this.talk.asked].find(([, { card }]) => card === WARNING);
    const wentOn = warned && this.talk.transcript.entries.some(({ author, seq }) => author === "visitor" && seq > warned[0]);
    this.#at("boundary-hold").hidden = !wentOn;
    this.#at("boundary-not-yet").hidden = Boolean(wentOn);
  }

  wipe() {
    this.#at("boundary-words").value = "";
  }

  #row(name) {
    const row = document.createElement("li");
    const hers = this.talk.card.language || this.book.desk;
    row.append(
      ...sentence(this.book, name, hers, ""),
      press({ text: this.words.say("dangerSend"), of: this.book.say(name), act: () => this.act.send(name) }),
    );
    return row;
  }

  #at(name) {
    return this.element.querySelector(`[data-at="${name}"]`);
  }
}

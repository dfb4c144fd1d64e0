// Beside the house's phone number: digits to say there, so that whoever answers can open this chat.

import { ask } from "../lib/ask.js";

// Milliseconds.
const LATE = 20000;

// In two halves, as they are said.
export function halves(word) {
  return `${word.slice(0, 3)} ${word.slice(3)}`;
}

// Its words come with the first answer: whoever has no line to be asked over does not pay for them.
export class ByPhone {
  // panel: where the phone stands; from: the address; held(): what opens the talk; opens(): show the panel; choice: the
  // form after a long wait, which speaks of the phone too.
  constructor({ panel, choice, from, words, held, opens, now = Date.now }) {
    Object.assign(this, { panel, choice, from, words, held, opens, now });
    this.forget();
    this.bring();
  }

  // None where the house has no phone.
  bring() {
    const line = this.panel.querySelector("[data-phone]");
    if (!line || this.fold || this.isAsking || !this.held()) return;
    this._ask(false, (told) => told && !this.fold && this._draw(line, told));
  }

  hide() {
    if (!this.fold) return;
    this.number.textContent = this.said.textContent = "";
    this.told.hidden = true;
    this.button.hidden = false;
  }

  forget() {
    this.word = null;
    this.hide();
    if (this.fold) this.fold.open = false;
  }

  _ask(make, done) {
    this.isAsking = true;
    ask(this.from, JSON.stringify({ t: this.held(), make }), LATE, (status, text) => {
      this.isAsking = false;
      done(status === 200 ? JSON.parse(text) : null, status === 409 ? JSON.parse(text).words : this.words.say("noNumber"));
    });
  }

  _draw(line, { fold, what, show, label, works, gone }) {
    const made = (tag, text, given = {}) => Object.assign(document.createElement(tag), { textContent: text }, given);
    const second = { type: "button", className: "button button-second" };
    this.fold = made("details", "", { className: "more", id: "call" });
    const room = made("div", "", { className: "cut" });
    this.button = made("button", show, second);
    this.said = made("p", "");
    this.said.setAttribute("role", "status");
    this.number = made("p", "", { className: "slip-number", dir: "ltr" });
    this.number.dataset.keptWords = "";
    this.told = made("div", "", { className: "cut", tabIndex: -1, hidden: true });
    this.told.append(made("p", label, { className: "slip-label" }), this.number, made("p", `${works} ${gone}`));
    room.append(made("p", what), this.button, this.said, this.told);
    this.fold.append(made("summary", fold), room);
    line.after(this.fold);
    this.button.addEventListener("click", () => this._wished());
    this.fold.addEventListener("toggle", () => this.fold.open || this.hide());
    const way = made("button", fold, second);
    this.choice.querySelector("p").after(way);
    way.addEventListener("click", () => {
      this.opens();
      this.fold.open = true;
      this.fold.firstElementChild.focus();
    });
  }

  // Opened again they are the same, for as long as they work.
  _wished() {
    if (this.word && this.now() < this.until) {
      this._show();
      return;
    }
    if (this.isAsking) return;
    this.said.textContent = this.words.say("startBusy");
    this._ask(true, (told, words) => {
      if (!this.held()) return;
      if (told) {
        this.word = told.word;
        this.until = this.now() + told.lasts_s * 1000;
        if (this.fold.open) this._show();
      } else this.said.textContent = words;
    });
  }

  _show() {
    this.number.textContent = halves(this.word);
    this.said.textContent = "";
    this.told.hidden = false;
    this.button.hidden = true;
    this.told.focus();
  }
}

// Takes the number of somebody who comes back, and brings the token that opens her talk.

import { ask, canAsk } from "../lib/ask.js";

// Milliseconds.
const LATE = 20000;

export class NumberForm {
  // opened(token): the number was right. Until then what was typed stays in the field.
  constructor({ form, said, words, opened }) {
    Object.assign(this, { form, said, words, opened });
    this.isBusy = false;
    // Without it the form posts by itself, and the talk goes on without script.
    if (!canAsk) return;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.isBusy) this._try();
    });
  }

  _try() {
    const { number, p } = this.form.elements;
    this.isBusy = true;
    this._say(this.words.say("startBusy"));
    ask(this.form.action, JSON.stringify({ number: number.value, p: p.value }), LATE, (status, text) => {
      this.isBusy = false;
      let told = {};
      try {
        told = JSON.parse(text);
      } catch (error) {
        // No line, or something between us and the server. The same page may ask again for the same answer.
      }
      if (told.token) {
        number.value = "";
        this.said.hidden = true;
        this.opened(told.token);
        return;
      }
      this._say(told.words || this.words.say("noNumber"));
      number.focus();
    });
  }

  _say(text) {
    this.said.textContent = text;
    this.said.hidden = false;
  }
}

// Presses Start once, however often it is tapped, and brings back the token that opens the talk.

import { ask, canAsk } from "../lib/ask.js";

const TRIES = 3;
// Milliseconds: a token spent faster than a hand can tap is refused.
const YOUNGEST = 3100;
const LATE = 20000;

const wait = (milliseconds) => new Promise((done) => setTimeout(done, Math.max(0, milliseconds)));

export class Start {
  // started(token): the talk is open.
  constructor({ form, said, words, started }) {
    Object.assign(this, { form, said, words, started });
    this.isBusy = false;
    // Without it the form posts by itself, and the talk goes on without script.
    if (!canAsk) return;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._press();
    });
  }

  async _press() {
    if (this.isBusy) return;
    this.isBusy = true;
    this._say(this.words.say("startBusy"));
    // Old clocks count too: the newer ones came to some phones only lately.
    await wait(performance.timing.responseStart + YOUNGEST - Date.now());
    const token = await this._ask(TRIES);
    this.isBusy = false;
    if (token === null) return;
    this.said.hidden = true;
    this.started(token);
  }

  // The token, or null after saying why there is none.
  async _ask(tries) {
    const told = await this._post();
    if (told === null) {
      this._say(this.words.say("startFailed"));
      return null;
    }
    if (told.token) return told.token;
    if (told.start) this.form.elements.start.value = told.start;
    const mayHelp = told.start || told.phrase === "talk.start_wait";
    if (!mayHelp || tries <= 1) {
      this._say(told.words || this.words.say("startFailed"));
      return null;
    }
    await wait(YOUNGEST);
    return this._ask(tries - 1);
  }

  // What the server answered, or null when nothing that can be read came back.
  _post() {
    const body = JSON.stringify({ start: this.form.elements.start.value });
    return new Promise((done) => {
      ask(this.form.action, body, LATE, (status, text) => {
        try {
          done(JSON.parse(text));
        } catch (error) {
          done(null);
        }
      });
    });
  }

  _say(text) {
    this.said.textContent = text;
    this.said.hidden = false;
  }
}

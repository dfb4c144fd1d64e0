// Presses Start once, however often it is tapped, and brings back the token that opens the talk.

import { ask, canAsk } from "../lib/ask.js";

const TRIES = 3;
// Milliseconds: a token spent faster than a hand can tap is refused.
const YOUNGEST = 3100;
const LATE = 20000;

const wait = (milliseconds) => new Promise((done) => setTimeout(done, Math.max(0, milliseconds)));

// What stands in a form, by name.
const fields = (form) => {
  const found = {};
  for (const { name, value } of form.elements) if (name) found[name] = value;
  return found;
};

export class Start {
  // started(token, isLate): the talk is open; late, when nobody is as free as the page had said.
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
    const told = await this._ask(TRIES);
    this.isBusy = false;
    if (told === null) return;
    this.said.hidden = true;
    // Said by now: it is not to lie about in the page.
    if (this.form.elements.words) this.form.elements.words.value = "";
    this.started(told.token, told.late);
  }

  // What the server told of the talk, or null after saying why there is none.
  async _ask(tries) {
    const told = await this._post();
    if (told === null) {
      this._say(this.words.say("startFailed"));
      return null;
    }
    if (told.token) return told;
    // No chat can begin: the page that says why, and keeps what she typed.
    if (told.to) {
      location.replace(told.to);
      return null;
    }
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
    const body = JSON.stringify(fields(this.form));
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

// Presses Start once, however often it is tapped, and brings back the token that opens the talk.

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
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#press();
    });
  }

  async #press() {
    if (this.isBusy) return;
    this.isBusy = true;
    this.#say(this.words.say("startBusy"));
    await wait(YOUNGEST - performance.now() + (performance.getEntriesByType("navigation")[0]?.responseStart ?? 0));
    const token = await this.#ask(TRIES);
    this.isBusy = false;
    if (token === null) return;
    this.said.hidden = true;
    this.started(token);
  }

  // The token, or null after saying why there is none.
  async #ask(tries) {
    let answer;
    let told;
    try {
      answer = await this.#post();
      told = await answer.json();
    } catch {
      this.#say(this.words.say("startFailed"));
      return null;
    }
    if (answer.ok && told.token) return told.token;
    if (told.start) this.form.elements.start.value = told.start;
    const mayHelp = told.start || told.phrase === "talk.start_wait";
    if (!mayHelp || tries <= 1) {
      this.#say(told.words || this.words.say("startFailed"));
      return null;
    }
    await wait(YOUNGEST);
    return this.#ask(tries - 1);
  }

  #post() {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), LATE);
    return fetch(this.form.action, {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ start: this.form.elements.start.value }),
      signal: late.signal,
    }).finally(() => clearTimeout(timer));
  }

  #say(text) {
    this.said.textContent = text;
    this.said.hidden = false;
  }
}

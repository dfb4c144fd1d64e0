// Takes the talk into another language: the page is left for one that speaks it, with what stands in the field.

import { ask } from "../lib/ask.js";

// Milliseconds.
const LATE = 20000;

export class Tongues {
  // held(): what opens the talk, and whether everything she said has arrived; until then nothing is left behind.
  // to(tag): where the talk goes on in that language; word(): the one she chose, which goes along.
  constructor({ element, said, field, words, held, to, word, going }) {
    Object.assign(this, { element, said, field, words, held, to, word, going });
    this.list = element.querySelector(".tongues");
    element.addEventListener("click", ({ target }) => target.lang && this.go(target.lang));
    element.addEventListener("toggle", () => element.open && !this.list.firstChild && this._bring());
  }

  // The names stand on the page that lists them: whoever never asks does not pay for them.
  _bring() {
    ask(this.element.dataset.from, "", LATE, (status, text) => {
      const page = new DOMParser().parseFromString(text, "text/html");
      const names = [...page.querySelectorAll(".languages [lang]")].filter(({ lang }) => lang !== document.documentElement.lang);
      if (!this.list.firstChild) {
        for (const { lang, textContent } of names) {
          this.list.appendChild(Object.assign(document.createElement("button"), { type: "button", lang, textContent }));
        }
      }
      this.said.textContent = names.length ? "" : this.words.say("noNumber");
      if (!names.length) this.element.open = false;
    });
  }

  go(tag) {
    this._go(this.to(tag));
  }

  _go(address) {
    const { token, isSettled } = this.held();
    if (this.field.readOnly || !token) return;
    this.said.textContent = this.words.say(isSettled ? "startBusy" : "sending");
    if (!isSettled) return;
    // Nothing typed now would come along.
    this.field.readOnly = true;
    ask(address, JSON.stringify({ t: token, draft: this.field.value, word: this.word() }), LATE, (status, text) => {
      if (status === 200) {
        this.going.to(JSON.parse(text).to, () => {
          this.field.readOnly = false;
          this._go(address);
        });
        return;
      }
      this.field.readOnly = false;
      this.said.textContent = this.words.say("noNumber");
    });
  }
}

// Brings the long notice into the waiting room when she asks for it: its words only, from the page that holds them.

import { ask } from "../lib/ask.js";
import { copyWords } from "../lib/beside.js";

const LATE = 20000;

export class LongNotice {
  constructor({ element, words }) {
    Object.assign(this, { element, words });
    this.list = element.querySelector("dl");
    element.addEventListener("toggle", () => this._opened());
    this._opened();
  }

  _opened() {
    if (this.element.open && !this.list.children.length) this._bring();
  }

  _bring() {
    ask(this.element.dataset.from, "", LATE, (status, text) => {
      const page = new DOMParser().parseFromString(text, "text/html");
      for (const told of page.querySelectorAll(".told")) {
        const row = this.list.appendChild(document.createElement("div"));
        for (const name of ["dt", "dd"]) {
          copyWords(told.querySelector(name), row.appendChild(document.createElement(name)));
        }
      }
      if (this.list.children.length) return;
      this.element.open = false;
      this.element.querySelector("summary").append(` · ${this.words.say("lineGone")}`);
    });
  }
}

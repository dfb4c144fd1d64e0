// Says in words how the line is, ours first, then hers who answers.

import { CONNECTED, WEAK } from "./connection.js";
import { Words } from "./words.js";

export class LineState {
  constructor({ element, words, announcer }) {
    Object.assign(this, { element, words, announcer });
    this.own = "connecting";
    this.other = "connected";
    this.name = "";
  }

  turn(state) {
    const was = this.own;
    this.own = state;
    this._draw();
    if (was === CONNECTED && state === "gone") this.announcer.say(this.words.say("lineGone"));
    if ((was === "gone" || was === "connecting") && state === CONNECTED) this._back();
  }

  meet(name) {
    this.name = name;
    this._draw();
  }

  _back() {
    if (this.wasConnected) this.announcer.say(this.words.say("lineConnected"));
    this.wasConnected = true;
  }

  _draw() {
    const isCalling = this.own === "connecting" && !this.wasConnected;
    const kind = this.own === CONNECTED ? "connected" : this.own === WEAK ? "weak" : isCalling ? "calling" : "gone";
    this.element.dataset.line = kind;
    const name = Words.apart(this.name);
    const words = {
      connected: name ? `${this.words.say("lineConnected")} · ${name}` : this.words.say("lineConnected"),
      weak: this.words.say("lineWeak"),
      calling: this.words.say("lineCalling"),
      gone: this.words.say("lineGone"),
    };
    this.element.lastElementChild.textContent = words[kind];
  }
}

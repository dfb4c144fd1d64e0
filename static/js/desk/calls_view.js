// Above the desk: who is called for, by kind and never by name, and the yes that stops the calling.

import { Words } from "../chat/words.js";
import { asAge } from "./clock.js";

export class CallsView {
  // yes(calls) is called for a press, with the calls of one line.
  constructor({ list, queue, words, yes }) {
    Object.assign(this, { list, queue, words, yes });
    this.drawn = "";
    this.ages = [];
    this.isOffline = true;
  }

  // What calls this desk until somebody has said yes.
  get loud() {
    return this.queue.calls.filter(({ loud }) => loud);
  }

  turn(isOffline) {
    this.isOffline = isOffline;
    for (const button of this.list.querySelectorAll("button")) button.disabled = isOffline;
  }

  draw(now) {
    const lines = this.#lines();
    // Each writing of an alert is read out, and takes the focus: only what changed is drawn. The ages go on beside it.
    const drawn = JSON.stringify(lines.map(({ kind, by, mine, calls }) => [kind, by, mine, calls.map(({ call }) => call)]));
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.ages = [];
      this.list.replaceChildren(...lines.map((line) => this.#line(line)));
      this.list.hidden = !lines.length;
    }
    for (const [place, age] of this.ages.entries()) age.textContent = asAge(this.queue.lasted(lines[place].calls[0], now));
  }

  // Calls of one kind in the same hands stand on one line.
  #lines() {
    const lines = new Map();
    for (const call of this.queue.calls) {
      const { kind, by, mine } = call;
      const name = JSON.stringify([kind, by, mine]);
      if (!lines.has(name)) lines.set(name, { kind, by, mine, calls: [] });
      lines.get(name).calls.push(call);
    }
    return [...lines.values()];
  }

  #line({ kind, by, mine, calls }) {
    const row = document.createElement("li");
    row.className = `called${by ? " is-heard" : ""}`;
    const what = document.createElement("strong");
    what.textContent = this.words.call(kind) + (calls.length > 1 ? ` × ${calls.length}` : "");
    const age = document.createElement("span");
    age.setAttribute("aria-hidden", "true");
    this.ages.push(age);
    const state = by ? this.words.say("callBy", { name: Words.apart(by) }) : this.words.say("callNoYes");
    row.append(what, " · ", age, ` · ${state}`);
    if (!by && !mine) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "row", textContent: this.words.say("callYes"), disabled: this.isOffline });
      button.setAttribute("aria-label", `${this.words.say("callYes")}: ${this.words.call(kind)}`);
      button.addEventListener("click", () => this.yes(calls));
      row.append(" ", button);
    }
    return row;
  }
}

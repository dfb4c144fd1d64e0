// After a conversation in which danger was marked: she takes nobody new for some minutes, unless she says so.

import { Words } from "../chat/words.js";
import { asClock } from "./clock.js";

const TAKES = new Set(["ready", "on_call"]);

export class Hard {
  // box: the notice; minutes: 0 for none; queue, words; turn(state): where she is in her shift.
  constructor({ box, minutes, queue, words, turn }) {
    Object.assign(this, { box, minutes, queue, words, turn });
    this.until = null;
    this.before = "ready";
    this.#at("ready").addEventListener("click", () => {
      this.shut();
      this.turn(this.before);
    });
    this.#at("shut").addEventListener("click", () => this.shut());
    this.#at("more").addEventListener("click", () => {
      this.until = Date.now() + this.minutes * 60000;
      this.draw(Date.now());
    });
  }

  // It is over, here and now. The last one who takes conversations is told whom to ask in place of being taken away:
  // newcomers would find nobody.
  over(talk, now) {
    if (!this.minutes || !talk.card.danger || talk.role !== "owner" || !TAKES.has(this.queue.shift)) return;
    this.box.hidden = false;
    this.isLast = this.queue.isLast;
    if (!this.isLast) {
      this.before = this.queue.shift;
      this.until = now + this.minutes * 60000;
      this.turn("wrap_up");
    }
    this.draw(now);
  }

  // Each second. Whoever says by any other way that she takes somebody is back.
  draw(now) {
    if (this.box.hidden) return;
    const isSet = this.until !== null;
    const left = isSet ? (this.until - now) / 1000 : 0;
    if (isSet && TAKES.has(this.queue.shift) && now > this.until - this.minutes * 60000 + 5000) {
      this.shut();
      return;
    }
    const said = this.words.say(this.isLast ? "hardLast" : left > 0 ? "hardSaid" : "hardOver", { name: Words.apart(this.queue.onCall) || this.words.say("onCallNobody") });
    if (this.#at("said").textContent !== said) this.#at("said").textContent = said;
    this.#at("clock").textContent = left > 0 ? asClock(left) : "";
    this.#at("ready").hidden = !isSet;
    this.#at("more").hidden = !isSet || left > 0;
  }

  shut() {
    this.box.hidden = true;
    this.until = null;
  }

  #at(name) {
    return this.box.querySelector(`[data-hard="${name}"]`);
  }
}

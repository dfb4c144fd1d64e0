// Above the field, before anything is sent: what she would read of the draft, and what that says when it is put back.

import { newKey } from "../chat/protocol.js";
import { made, warnings } from "./made.js";

export class Tried {
  // button, box: in the pane; ask(key, text) asks the house; draft() is what stands in the field.
  constructor({ button, box, words, book, talk, ask, draft }) {
    Object.assign(this, { button, box, words, book, talk, ask, draft });
    button.addEventListener("click", () => this.turn());
  }

  // Only while she lets a machine translate the desk's words.
  draw(isOffline) {
    const { role, isOver, card } = this.talk;
    this.isOff = isOffline || isOver || role !== "owner" || card.theirs !== "yes";
    this.button.hidden = isOver || role !== "owner" || card.theirs !== "yes";
    this.button.setAttribute("aria-disabled", String(this.isOff));
    if (this.isOff) this.hide();
  }

  turn() {
    const text = this.draft();
    if (this.isOff || !text) return;
    this.key = newKey();
    this.#say(this.words.say("machineTrying"));
    this.ask(this.key, text);
  }

  show({ key, status, there, back, card, flags }) {
    if (key !== this.key || this.isOff) return;
    if (status !== "done") {
      this.#say(this.words.say("machineNone"));
      return;
    }
    const { book, words, talk } = this;
    this.#say(words.say(card ? "machineBook" : "machineReads"));
    this.box.append(made("made-words", there, talk.card.language));
    if (card) this.box.append(made("quiet-text", book.say(card), book.desk));
    else {
      this.box.append(made("quiet-text", words.say("machineBack")), made("made-back", back || words.say("machineNone"), book.desk));
      this.box.append(...warnings(flags, words));
    }
  }

  hide() {
    this.key = "";
    this.box.hidden = true;
    this.box.textContent = "";
  }

  #say(text) {
    this.box.textContent = "";
    this.box.hidden = false;
    this.box.append(made("quiet-text", text));
  }
}

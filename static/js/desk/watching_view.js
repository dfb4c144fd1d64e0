// Below the queue: what colleagues hold, with a button to read along for a supervisor, or to come in for a guest.

import { Words } from "../chat/words.js";
import { Rove } from "./rove.js";
import { piece, press } from "./rows.js";

export class WatchingView {
  // watch(conversation), or comeIn(conversation) for a guest, is called for a press; isOpen(conversation): it is here.
  constructor({ part, list, queue, words, watch, comeIn, isOpen }) {
    Object.assign(this, { part, list, queue, words, watch, comeIn, isOpen });
    this.drawn = "";
    this.rove = new Rove({ list, rows: () => [...list.children], of: (row) => [...row.querySelectorAll("button")] });
  }

  draw() {
    const rows = this.queue.watchable.filter(({ conversation }) => !this.isOpen(conversation));
    this.part.hidden = !rows.length;
    // A list that is drawn again loses the focus: only what changed is.
    const drawn = JSON.stringify(rows);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const held = new Map();
    const items = rows.map(({ conversation, by, danger, help, unanswered, guest }) => {
      held.set(by, (held.get(by) ?? 0) + 1);
      const tags = [danger && "dangerTag", help && "helpTag", unanswered && "unansweredTag"].filter(Boolean);
      return this.#row(conversation, `${Words.apart(by)} · ${held.get(by)}`, tags, guest);
    });
    this.rove.keep(() => this.list.replaceChildren(...items));
  }

  // Where a visitor said yes to this desk's person, who has not come in yet.
  get letIn() {
    return this.queue.watchable.filter(({ conversation, guest }) => guest && !this.isOpen(conversation));
  }

  turn(isOffline) {
    this.isOffline = isOffline;
    for (const button of this.list.querySelectorAll("button")) button.setAttribute("aria-disabled", String(isOffline));
  }

  // tags: what its advocate said of it, or left unsaid, as names of words.
  #row(conversation, name, tags, isGuest) {
    const row = piece("li", "queue-row");
    const line = piece("p", "queue-top");
    const button = press({
      text: this.words.say(isGuest ? "guestComeIn" : "watchWatch"),
      of: name,
      isOff: () => this.isOffline,
      act: () => (isGuest ? this.comeIn : this.watch)(conversation),
    });
    button.setAttribute("aria-disabled", String(Boolean(this.isOffline)));
    line.append(name, button);
    row.append(line, ...tags.map((tag) => piece("p", "desk-tag is-urgent", this.words.say(tag))));
    return row;
  }
}

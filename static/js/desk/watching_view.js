// Below the queue: what colleagues hold, with a button to read along for a supervisor, or to come in for a guest.

import { Words } from "../chat/words.js";

export class WatchingView {
  // watch(conversation), or comeIn(conversation) for a guest, is called for a press; isOpen(conversation): it is here.
  constructor({ part, list, queue, words, watch, comeIn, isOpen }) {
    Object.assign(this, { part, list, queue, words, watch, comeIn, isOpen });
    this.drawn = "";
  }

  draw() {
    const rows = this.queue.watchable.filter(({ conversation }) => !this.isOpen(conversation));
    this.part.hidden = !rows.length;
    // A list that is drawn again loses the focus: only what changed is.
    const drawn = JSON.stringify(rows);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const held = new Map();
    this.list.replaceChildren(
      ...rows.map(({ conversation, by, danger, help, unanswered, guest }) => {
        held.set(by, (held.get(by) ?? 0) + 1);
        const tags = [danger && "dangerTag", help && "helpTag", unanswered && "unansweredTag"].filter(Boolean);
        return this.#row(conversation, `${Words.apart(by)} · ${held.get(by)}`, tags, guest);
      }),
    );
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
    const row = document.createElement("li");
    row.className = "queue-row";
    const line = document.createElement("p");
    line.className = "queue-top";
    const button = document.createElement("button");
    const said = this.words.say(isGuest ? "guestComeIn" : "watchWatch");
    Object.assign(button, { type: "button", className: "row second", textContent: said });
    button.setAttribute("aria-label", `${said}: ${name}`);
    button.setAttribute("aria-disabled", String(Boolean(this.isOffline)));
    button.addEventListener("click", () => this.isOffline || (isGuest ? this.comeIn : this.watch)(conversation));
    line.append(name, button);
    row.append(line);
    for (const name of tags) {
      const tag = document.createElement("p");
      Object.assign(tag, { className: "desk-tag is-urgent", textContent: this.words.say(name) });
      row.append(tag);
    }
    return row;
  }
}

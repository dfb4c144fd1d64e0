// Below the queue, for a supervisor: what colleagues hold, with a button to read along.

import { Words } from "../chat/words.js";

export class WatchingView {
  // watch(conversation) is called for a press; isOpen(conversation): it is on the page.
  constructor({ part, list, queue, words, watch, isOpen }) {
    Object.assign(this, { part, list, queue, words, watch, isOpen });
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
      ...rows.map(({ conversation, by, danger }) => {
        held.set(by, (held.get(by) ?? 0) + 1);
        return this.#row(conversation, `${Words.apart(by)} · ${held.get(by)}`, danger);
      }),
    );
  }

  turn(isOffline) {
    this.isOffline = isOffline;
    for (const button of this.list.querySelectorAll("button")) button.setAttribute("aria-disabled", String(isOffline));
  }

  // isInDanger: as its advocate marked it.
  #row(conversation, name, isInDanger) {
    const row = document.createElement("li");
    row.className = "queue-row";
    const line = document.createElement("p");
    line.className = "queue-top";
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "row second", textContent: this.words.say("watchWatch") });
    button.setAttribute("aria-label", `${this.words.say("watchWatch")}: ${name}`);
    button.setAttribute("aria-disabled", String(Boolean(this.isOffline)));
    button.addEventListener("click", () => this.isOffline || this.watch(conversation));
    line.append(name, button);
    row.append(line);
    if (isInDanger) {
      const tag = document.createElement("p");
      Object.assign(tag, { className: "desk-tag is-urgent", textContent: this.words.say("dangerTag") });
      row.append(tag);
    }
    return row;
  }
}

// Above the queue: the conversations colleagues offer, each with its note, a yes and a no.

import { Words } from "../chat/words.js";
import { Rove } from "./rove.js";
import { piece, press } from "./rows.js";

export class OffersView {
  // takeOver(conversation), decline(conversation) are called for a press; isOpen(conversation): it is on the page.
  constructor({ part, list, queue, words, takeOver, decline, isOpen }) {
    Object.assign(this, { part, list, queue, words, takeOver, decline, isOpen });
    // Offered to all, and not wanted here; what is offered to her by name afterwards is said again.
    this.refused = new Set();
    this.drawn = "";
    this.rove = new Rove({ list, rows: () => [...list.children], of: (row) => [...row.querySelectorAll("button")] });
  }

  get rows() {
    const isWanted = ({ conversation, named }) => (named || !this.refused.has(conversation)) && !this.isOpen(conversation);
    return this.queue.offers.filter(isWanted);
  }

  draw() {
    const offered = new Set(this.queue.offers.map(({ conversation }) => conversation));
    for (const conversation of this.refused) if (!offered.has(conversation)) this.refused.delete(conversation);
    const { rows } = this;
    this.part.hidden = !rows.length;
    // A list that is drawn again loses the focus: only what changed is.
    const drawn = JSON.stringify(rows.map(({ card, ...row }) => [row, card.name, card.language, card.danger, card.outcome]));
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.rove.keep(() => this.list.replaceChildren(...rows.map((row) => this.#row(row))));
  }

  turn(isOffline) {
    this.isOffline = isOffline;
    for (const button of this.list.querySelectorAll("button")) button.setAttribute("aria-disabled", String(isOffline));
  }

  #row({ conversation, by, note, named, card }) {
    const row = piece("li", "queue-row");
    const { words } = this;
    const who = piece("strong", "", words.say(named ? "handNamed" : "handOpen", { name: Words.apart(by) }));
    const facts = [card.name && Words.apart(card.name), words.language(card.language ?? "")].filter(Boolean).join(" · ");
    const line = piece("p", "queue-facts", facts);
    if (!words.reads(card.language ?? "")) line.append(" ", piece("span", "desk-tag is-hold", words.say("unread")));
    if (card.danger && !card.outcome) line.append(" ", piece("span", "desk-tag is-urgent", words.say("dangerTag")));
    const told = piece("p", "offer-note", note);
    told.dir = "auto";
    const acts = piece("p", "offer-acts", "");
    acts.append(
      this.#button("row", "handYes", () => this.takeOver(conversation)),
      this.#button("row second", "handNo", () => this.#decline(conversation, named)),
    );
    row.append(who, line, told, acts);
    return row;
  }

  #decline(conversation, named) {
    if (named) this.decline(conversation);
    else this.refused.add(conversation);
    this.draw();
  }

  #button(className, word, act) {
    const button = press({ text: this.words.say(word), className, isOff: () => this.isOffline, act });
    button.setAttribute("aria-disabled", String(Boolean(this.isOffline)));
    return button;
  }
}

// Draws who is waiting: the next one with the lamp's bar and the main button, the others below.

import { Words } from "../chat/words.js";
import { asClock } from "./clock.js";

export class QueueView {
  // take(conversation) is called for a press on a row's button.
  constructor({ list, count, asOf, empty, foot, surge, queue, words, take }) {
    Object.assign(this, { list, count, asOf, empty, foot, surge, queue, words, take });
    // Conversation -> <li>.
    this.rows = new Map();
    this.isOffline = true;
  }

  draw(now) {
    const { rows, total, held, capacity } = this.queue;
    this.count.textContent = String(total);
    this.surge.hidden = !this.queue.isSurge;
    this.empty.hidden = rows.length > 0 || this.queue.heardAt === null;
    this.foot.textContent = capacity ? this.words.say("mine", { n: held, all: capacity }) : "";
    const kept = new Set(rows.map(({ conversation }) => conversation));
    for (const [conversation, item] of this.rows) {
      if (kept.has(conversation)) continue;
      item.remove();
      this.rows.delete(conversation);
    }
    rows.forEach((row, place) => this.#row(row, place, now));
    this.tick(now);
  }

  // The clocks go on between two snapshots; without a line the list says how old it is.
  tick(now) {
    for (const row of this.queue.rows) {
      const item = this.rows.get(row.conversation);
      if (item) item.querySelector("[data-waited]").textContent = asClock(this.queue.waited(row, now));
    }
    const age = this.queue.age(now);
    this.asOf.hidden = !this.isOffline || age === null;
    this.asOf.textContent = age === null ? "" : this.words.say("asOf", { n: age });
  }

  turn(isOffline) {
    this.isOffline = isOffline;
    for (const button of this.list.querySelectorAll(".queue-top button")) button.setAttribute("aria-disabled", String(isOffline));
  }

  #row(row, place, now) {
    let item = this.rows.get(row.conversation);
    if (!item) {
      item = this.#make(row);
      this.rows.set(row.conversation, item);
    }
    if (this.list.children[place] !== item) this.list.insertBefore(item, this.list.children[place] ?? null);
    item.classList.toggle("is-next", place === 0);
    const button = item.querySelector("button");
    button.textContent = this.words.say(place === 0 ? "takeNext" : "take");
    button.className = place === 0 ? "row" : "row second";
    const isMine = place > 0 && this.queue.rows.find(({ language }) => language && this.words.reads(language)) === row;
    this.#facts(item, row, isMine);
    this.#heap(item, row);
  }

  // Like first lines are one row, with a way to look at the others.
  #heap(item, row) {
    item.hidden = this.queue.isUnder(row) && !this.queue.isOpen(row);
    const more = item.querySelector("[data-heap]");
    const under = this.queue.under(row);
    more.hidden = under.length === 0;
    const isOpen = this.queue.isOpen(row);
    more.setAttribute("aria-expanded", String(isOpen));
    more.textContent = this.words.say(isOpen ? "fold" : "unfold", { n: under.length });
  }

  #make(row) {
    const item = document.createElement("li");
    item.className = "queue-row";
    const top = document.createElement("p");
    top.className = "queue-top";
    const waited = document.createElement("strong");
    waited.dataset.waited = "";
    const language = document.createElement("span");
    language.dataset.language = "";
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-disabled", String(this.isOffline));
    button.addEventListener("click", () => {
      if (!this.isOffline) this.take(row.conversation);
    });
    top.append(waited, " · ", language, button);
    const facts = document.createElement("p");
    facts.className = "queue-facts";
    const heap = document.createElement("button");
    Object.assign(heap, { type: "button", className: "quiet", hidden: true });
    heap.dataset.heap = "";
    heap.addEventListener("click", () => {
      this.queue.turn(this.queue.rows.find(({ conversation }) => conversation === row.conversation));
      this.draw(Date.now());
    });
    item.append(top, facts, heap);
    return item;
  }

  // isMine: nobody waits before it whose language this advocate reads.
  #facts(item, row, isMine) {
    item.querySelector("[data-language]").textContent = this.words.language(row.language);
    const facts = item.querySelector(".queue-facts");
    const about = { self: "forSelf", other: "forOther" }[row.about] ?? "forUnknown";
    const parts = [row.name && Words.apart(row.name), row.region && Words.apart(row.region)].filter(Boolean);
    facts.replaceChildren([...parts, this.words.say(about)].join(" · "));
    if (isMine) this.#tag(facts, "tagMine", "is-good");
    if (!this.words.reads(row.language)) this.#tag(facts, "unread", "is-hold");
    const danger = { now: "tagNow", no: "tagNo" }[row.safe];
    if (danger) this.#tag(facts, danger, "is-urgent");
    if (row.safe === "unsure") this.#tag(facts, "tagUnsure", "is-hold");
    if (row.danger) this.#tag(facts, "dangerTag", "is-urgent");
    if (row.other) this.#tag(facts, "otherTag", "is-hold");
    if (row.returned) this.#tag(facts, "tagReturned", "is-hold");
    if (row.lot) this.#tag(facts, "tagLot", "is-hold");
    if (row.like > 0) this.#tag(facts, "like", "is-plain", { n: row.like });
    if (row.words > 0) this.#tag(facts, "wrote", "is-plain");
  }

  #tag(facts, name, kind, with_ = {}) {
    const tag = document.createElement("span");
    tag.className = `desk-tag ${kind}`;
    tag.textContent = this.words.say(name, with_);
    facts.append(" ", tag);
  }
}

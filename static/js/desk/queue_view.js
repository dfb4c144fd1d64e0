// Draws who is waiting: the next one with the lamp's bar and the main button, the others below.

import { Words } from "../chat/words.js";
import { asClock } from "./clock.js";
import { Rove } from "./rove.js";

export class QueueView {
  // take(conversation) is called for a press on a row's button.
  constructor({ list, count, asOf, empty, foot, surge, queue, words, take }) {
    Object.assign(this, { list, count, asOf, empty, foot, surge, queue, words, take });
    // Conversation -> <li>.
    this.rows = new Map();
    this.isOffline = true;
    this.rove = new Rove({
      list,
      rows: () => [...list.children].filter(({ hidden }) => !hidden),
      of: (item) => [...item.querySelectorAll("button:not([hidden])")],
    });
  }

  // The row that is next for this desk, as it is drawn; undefined where nobody waits.
  get nextRow() {
    return this.rows.get(this.queue.mine(Date.now())[0]?.conversation);
  }

  draw(now) {
    this.rove.keep(() => this.#draw(now));
  }

  #draw(now) {
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
    rows.forEach((row, place) => this.#row(row, place));
    this.tick(now);
  }

  // The clocks go on between two snapshots; without a line the list says how old it is.
  tick(now) {
    for (const row of this.queue.rows) {
      const item = this.rows.get(row.conversation);
      if (!item) continue;
      item.querySelector("[data-waited]").textContent = asClock(this.queue.waited(row, now));
      this.#first(item, row, now);
    }
    const age = this.queue.age(now);
    this.asOf.hidden = !this.isOffline || age === null;
    this.asOf.textContent = age === null ? "" : this.words.say("asOf", { n: age });
  }

  turn(isOffline) {
    this.isOffline = isOffline;
    this.tick(Date.now());
  }

  // Whom it is offered to before all others; which row is next for this desk changes with it.
  #first(item, row, now) {
    const { queue, words } = this;
    const isNext = queue.mine(now)[0] === row;
    item.classList.toggle("is-next", isNext);
    const button = item.querySelector("button");
    write(button, words.say(isNext ? "takeNext" : "take"));
    button.className = isNext ? "row" : "row second";
    button.setAttribute("aria-disabled", String(this.isOffline || queue.isForOthers(row, now)));
    const line = item.querySelector("[data-first]");
    const seconds = queue.firstFor(row, now);
    line.hidden = seconds === 0;
    line.className = `desk-tag ${row.first === "me" ? "is-good" : "is-hold"}`;
    if (!seconds) return;
    const whose = row.first === "me" ? "Me" : "Others";
    write(line, words.say(`${row.kin ? "kin" : "first"}${whose}`, { time: asClock(seconds) }));
  }

  #row(row, place) {
    let item = this.rows.get(row.conversation);
    if (!item) {
      item = this.#make(row);
      this.rows.set(row.conversation, item);
    }
    if (this.list.children[place] !== item) this.list.insertBefore(item, this.list.children[place] ?? null);
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
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") this.take(row.conversation);
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
    const first = document.createElement("p");
    first.dataset.first = "";
    item.append(top, first, facts, heap);
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
    if (!this.words.reads(row.language)) {
      this.#tag(facts, "unread", "is-hold");
      const names = this.queue.speakers(row.language).map((name) => Words.apart(name));
      if (names.length) this.#tag(facts, "speakers", "is-plain", { names: names.join(", ") });
      else this.#tag(facts, "noSpeakers", "is-plain");
    }
    const danger = { now: "tagNow", no: "tagNo" }[row.safe];
    if (danger) this.#tag(facts, danger, "is-urgent");
    if (row.safe === "unsure") this.#tag(facts, "tagUnsure", "is-hold");
    if (row.kin) {
      this.#tag(facts, "kinTag", "is-hold");
      const names = this.queue.kin.map((name) => Words.apart(name));
      this.#tag(facts, names.length ? "kinHere" : "kinNobody", "is-plain", { names: names.join(", ") });
    }
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

// Only what changed: who presses a button while its words are written anew has pressed nothing.
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

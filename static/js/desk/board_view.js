// Draws the supervisor's board: how many wait and how long, who is on, who is called for.

import { Words } from "../chat/words.js";
import { asClock } from "./clock.js";
import { piece } from "./rows.js";
import { asName } from "./tags.js";

const TAKES = new Set(["ready", "on_call"]);

export class BoardView {
  // at: an element by its id; words: a Words; say(text) reads it out.
  constructor({ at, words, say }) {
    Object.assign(this, { at, words, say });
    this.told = null;
    this.heardAt = 0;
    this.drawn = {};
  }

  snapshot(told, now) {
    if (this.told && told.waiting !== this.told.waiting) this.say(this.words.say("said", { n: told.waiting }));
    this.told = told;
    this.heardAt = now;
    this.draw(now);
  }

  // The clocks go on between two tellings.
  draw(now) {
    const { told, at, words } = this;
    if (!told) return;
    const since = (now - this.heardAt) / 1000;
    at("unheard").hidden = told.heard !== false;
    at("board-surge").hidden = !told.surge;
    this.#write("waiting", String(told.waiting), told.waiting ? "is-lit" : "");
    this.#write("longest", told.waiting ? asClock(told.longest_s + since) : "–", "");
    this.#write("held", words.say("of", { n: told.held, all: told.places }), "");
    this.#write("heavy", String(told.heavy), told.heavy ? "is-urgent" : "");
    const name = told.on_call ? words.say("onCall", { name: Words.apart(told.on_call) }) : words.say("onCallNobody");
    if (at("board-on-call").textContent !== name) at("board-on-call").textContent = name;
    this.#list("people", "nobody", told.people, (one) => this.#person(one));
    this.#list("calls", "no-calls", told.calls ?? [], (call) => this.#call(call));
    (told.calls ?? []).forEach((call, place) => this.#age(place, call, since));
  }

  #write(name, text, kind) {
    const shown = this.at(`board-${name}`);
    if (shown.textContent !== text) shown.textContent = text;
    this.at(`board-${name}-tile`).className = `board-tile ${kind}`;
  }

  // A list that is drawn again is read again: only what changed is.
  #list(name, none, rows, draw) {
    const said = JSON.stringify(rows.map(({ since_s, ...row }) => row));
    if (this.drawn[name] === said) return;
    this.drawn[name] = said;
    this.at(`board-${name}`).replaceChildren(...rows.map(draw));
    this.at(`board-${none}`).hidden = rows.length > 0;
  }

  #person({ name, shift }) {
    const row = piece("li", "");
    row.append(piece("span", `desk-tag is-${TAKES.has(shift) ? "good" : "quiet"}`, this.words.say(`shift${asName(shift.replace("_", "-"))}`)), " ", Words.apart(name));
    return row;
  }

  #call({ kind, count, unheard }) {
    const row = piece("li", "");
    const what = this.words.say(`kind${asName(kind)}`) || this.words.say("kindOther");
    row.append(piece("span", `desk-tag is-${unheard ? "urgent" : "quiet"}`, count > 1 ? `${what} × ${count}` : what), " ", piece("span", ""));
    return row;
  }

  #age(place, { since_s: sinceS, unheard }, since) {
    const line = this.at("board-calls").children[place]?.lastElementChild;
    if (line) line.textContent = `${asClock(sinceS + since)} · ${unheard ? this.words.say("unheard", { n: unheard }) : this.words.say("allHeard")}`;
  }
}

// What a covered page can do: find a measure, bring the talk back by a word or a long press; and where the word is chosen.

import { ask } from "../lib/ask.js";
import { copyWords } from "../lib/beside.js";

// Milliseconds that nobody holds a button down by chance.
const HOLD = 1200;
const LATE = 20000;
// Letters; what Chinese, Japanese and Korean are written in counts twice, as the server counts it.
const SHORTEST = 3;
const COUNTS_TWICE = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]/g;

// One spelling for capitals, wide letters and spaces, as the server reads it.
function read(typed) {
  return typed.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean).join(" ");
}

export class Covered {
  constructor(cover, going) {
    Object.assign(this, { cover, going, field: cover.page.querySelector("input"), more: cover.page.querySelector("button") });
    this.rows = [...cover.page.querySelectorAll("li")];
    this.folded = this.rows.filter(({ hidden }) => hidden);
    this.field.addEventListener("input", () => this._typed());
    cover.talk.asked.addEventListener("click", () => this._uncover(""));
    cover.near.addEventListener("toggle", () => this._opened());
    this._listen();
    this._hushes(cover.talk);
    this._opened();
  }

  // A kitchen page finds. Her own word it finds nowhere, and brings the talk back.
  _typed() {
    const { cover } = this;
    const word = read(this.field.value);
    if (cover.word && word === cover.word) {
      this._back(word);
      return;
    }
    const found = word ? this._holding(word) : [];
    this._show(found.length ? found : this.rows);
  }

  // Tapped, "More" shows what is left of the list. Held down, by a finger, a mouse or a key, it leads back.
  _listen() {
    const press = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this._back(""), HOLD);
    };
    const release = () => clearTimeout(this.timer);
    const on = (names, act) => names.split(" ").forEach((name) => this.more.addEventListener(name, act));
    on(window.PointerEvent ? "pointerdown" : "touchstart mousedown", press);
    on(window.PointerEvent ? "pointerup pointercancel pointerleave" : "touchend touchcancel mouseup mouseleave", release);
    on("keyup blur", release);
    on("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      if (event.repeat) event.preventDefault();
      else press();
    });
    on("click", () => this._show(this.rows));
  }

  // To where the talk stands: with her word at once, without it to the safe question, before any word of the talk.
  _back(word) {
    const { cover } = this;
    const { asked, column, conversation, doorstep, ended, waitingRoom } = cover.talk;
    clearTimeout(this.timer);
    this.field.value = "";
    this._show(this.rows.filter((row) => !this.folded.includes(row)));
    cover.turn(false, cover.was);
    cover.main.append(cover.kept);
    if (!ended.hidden) {
      // There are no words any more to be hidden.
      conversation.isCovered = false;
      ended.firstElementChild.focus();
      return;
    }
    column.start();
    if (word) {
      this._uncover(word);
      // Her word is the answer to a question that stood before the words, too.
      asked.click();
      return;
    }
    // What she said of being safe says nothing about who holds the phone now.
    waitingRoom.keep({ safe: "" });
    doorstep.close();
  }

  // What was not sent yet is drawn again from here; everything else comes by its number.
  _uncover(word) {
    const { conversation } = this.cover.talk;
    if (!conversation.isCovered) return;
    conversation.cover(false, word);
    for (const { key, words, state } of conversation.outbox.waiting.values()) {
      const entry = conversation.transcript.write(key, words);
      conversation.view.posted(entry, null);
      conversation.view.marked(entry, state);
    }
    this.going.back();
  }

  // What she has heard is not read out again when it comes by its number a second time.
  _hushes({ announcer, conversation }) {
    const { heard } = conversation;
    let { last } = conversation.transcript;
    conversation.heard = (frame) => {
      const { isQuiet } = announcer;
      announcer.isQuiet = isQuiet || frame.seq <= last;
      heard.call(conversation, frame);
      announcer.isQuiet = isQuiet;
      last = Math.max(last, conversation.transcript.last);
    };
  }

  // The words about choosing one stand on a page of their own: whoever never opens this does not pay for them.
  _opened() {
    const { near } = this.cover;
    const place = near.lastElementChild;
    if (!near.open || place.firstChild) return;
    ask(near.dataset.from, "", LATE, (status, text) => {
      const told = new DOMParser().parseFromString(text, "text/html").querySelector("[data-keep]");
      if (!told) near.open = false;
      else if (!place.firstChild) this._draw(place, [...told.querySelectorAll("p")], told.dataset);
    });
  }

  _draw(place, lines, { label, keep, kept, short }) {
    const made = (tag, text, given = {}) =>
      place.appendChild(Object.assign(document.createElement(tag), { textContent: text }, given));
    for (const line of lines) copyWords(line, made("p", ""));
    made("label", label, { htmlFor: "near-word" });
    const field = made("input", "", { type: "text", id: "near-word", maxLength: 60, autocomplete: "off", spellcheck: false });
    const button = made("button", keep, { type: "button", className: "button button-second" });
    const said = made("p", "");
    said.setAttribute("role", "status");
    // It lives in this page; the server learns a mark of it with the next cover.
    button.addEventListener("click", () => {
      const word = read(field.value);
      const letters = word.length + (word.match(COUNTS_TWICE) || []).length;
      const isGood = letters >= SHORTEST && !this._holding(word).length;
      said.textContent = isGood ? kept : short;
      if (!isGood) return;
      this.cover.word = word;
      field.value = "";
    });
  }

  _holding(word) {
    return this.rows.filter((row) => read(row.textContent).includes(word));
  }

  _show(some) {
    for (const row of this.rows) row.hidden = !some.includes(row);
  }
}

// The list above one talk's field: typed letters find a card or sentence, which is sent, or put into the draft.

import { piece, press, said, sentence } from "./rows.js";

const MOST = 8;

export class Finder {
  // act: {send(name), draft(text), close()}; language() -> the tag of her page; isReady(name): it may be sent by now.
  constructor({ element, book, words, language, isReady, act }) {
    Object.assign(this, { element, book, words, language, isReady, act });
    this.field = this.#at("find");
    this.list = this.#at("found");
    this.said = this.#at("find-said");
    this.field.addEventListener("input", () => this.#draw());
    this.field.addEventListener("keydown", (event) => this.#pressed(event));
    this.list.addEventListener("keydown", (event) => this.#walk(event));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  turn(isOpen) {
    this.element.hidden = !isOpen;
    this.field.value = "";
    this.list.textContent = "";
    this.said.textContent = "";
    if (!isOpen) {
      this.act.close();
      return;
    }
    this.#draw();
    this.field.focus();
  }

  #draw() {
    this.found = this.book.find(this.field.value).filter((name) => this.isReady(name)).slice(0, MOST);
    this.list.textContent = "";
    this.list.append(...this.found.map((name) => this.#row(name)));
    // What the next press of Enter would send.
    this.said.textContent = this.found.length ? this.book.say(this.found[0]) : this.words.say("bookNone");
  }

  #row(name) {
    const row = piece("li", "book-row");
    const { desk } = this.book;
    const choices = this.book.choicesOf(name);
    row.append(said("book-letters", this.book.letters(name), desk), ...sentence(this.book, name, this.language(), "book-hers", "book-ours"));
    if (choices.length) row.append(said("quiet-text", choices.map((choice) => this.book.sayChoice(choice)).join(" · "), desk));
    const acts = piece("span", "book-acts");
    acts.append(
      this.#button("bookSend", name, () => this.#send(name)),
      this.#button("bookDraft", name, () => this.#draft(name)),
    );
    row.append(acts);
    return row;
  }

  #button(word, name, act) {
    return press({ text: this.words.say(word), of: this.book.say(name), act });
  }

  #send(name) {
    if (this.act.send(name)) this.turn(false);
  }

  #draft(name) {
    this.act.draft(this.book.say(name, this.language()));
    this.turn(false);
  }

  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      const [first] = this.found;
      if (first && event.shiftKey) this.#draft(first);
      else if (first) this.#send(first);
    }
    this.#walk(event);
  }

  // Down and up go from row to row, Escape back to the words.
  #walk(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.turn(false);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const rows = [...this.list.children];
    const place = rows.indexOf(event.target.closest("li")) + step;
    const to = place < 0 ? this.field : rows[Math.min(place, rows.length - 1)]?.querySelector("button");
    to?.focus();
  }

  #at(name) {
    return this.element.querySelector(`[data-at="${name}"]`);
  }
}

// On the card: whether only an interpreter helps here, and how those who speak her language are reached.

export class Interpreter {
  // element: the card; words: of the desk.
  constructor({ element, words }) {
    this.words = words;
    this.element = element;
    this.part = this.#at("interpreter");
    this.translates = (this.part.dataset.translates || "").split(" ").filter(Boolean);
  }

  // hers, theirs: how translation by machine stands in this conversation, where the house told it.
  draw({ language = "", spoken = "", hers = "", theirs = "" }, isShown) {
    this.part.hidden = !isShown || this.words.reads(language);
    if (this.part.hidden) return;
    const isTold = Boolean(hers || theirs);
    const isTranslated = isTold ? hers !== "only" || theirs !== "only" : this.translates.includes(language);
    this.#at("interpreter-only").hidden = isTranslated;
    this.#at("interpreter-machine").hidden = !isTranslated;
    let count = 0;
    for (const row of this.#at("interpreter-list").children) {
      row.hidden = !speaks(row.dataset.speaks.split(" ").filter(Boolean), language, spoken);
      count += row.hidden ? 0 : 1;
    }
    this.#at("interpreter-none").hidden = count > 0;
  }

  #at(name) {
    return this.element.querySelector(`[data-at="${name}"]`);
  }
}

// Whether somebody is found there: what is spoken counts where it was named, else what is read. No tags: every language.
export function speaks(tags, language, spoken) {
  return tags.length === 0 || tags.includes(spoken || language);
}

// For a few seconds after words were sent: a button under them, and a key, that take them back.

export class Unsend {
  // withdraw(talk, entry) asks for it.
  constructor({ words, withdraw }) {
    Object.assign(this, { words, withdraw });
    // The newest last: {talk, entry, button, timer}.
    this.offered = [];
  }

  // item: the bubble the words stand in.
  offer(talk, entry, item, seconds) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "row second bubble-unsend";
    button.textContent = this.words.say("unsend");
    const one = { talk, entry, button, timer: setTimeout(() => this.#drop(one), seconds * 1000) };
    button.addEventListener("click", () => this.#take(one));
    item.append(button);
    this.offered.push(one);
  }

  // By the key: the newest words to whom she looks at, or else the newest of all.
  takeNewest(talk) {
    const one = this.offered.filter((each) => each.talk === talk).pop() ?? this.offered[this.offered.length - 1];
    if (one) this.#take(one);
  }

  // A line that broke took the chance along.
  forget() {
    for (const one of [...this.offered]) this.#drop(one);
  }

  #take(one) {
    this.#drop(one);
    this.withdraw(one.talk, one.entry);
  }

  #drop(one) {
    clearTimeout(one.timer);
    this.offered = this.offered.filter((each) => each !== one);
    const hadFocus = one.button === document.activeElement;
    const field = one.button.closest(".pane")?.querySelector("[data-at=field]");
    one.button.remove();
    if (hadFocus) field?.focus();
  }
}

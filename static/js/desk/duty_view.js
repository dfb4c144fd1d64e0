// Lists who takes conversations now, and what each of them speaks.

import { Words } from "../chat/words.js";

export class DutyView {
  constructor({ list, none, queue, words }) {
    Object.assign(this, { list, none, queue, words });
    this.drawn = "";
  }

  draw() {
    const { onDuty } = this.queue;
    const drawn = JSON.stringify(onDuty);
    if (this.drawn === drawn) return;
    this.drawn = drawn;
    this.none.hidden = onDuty.length > 0;
    this.list.replaceChildren(...onDuty.map((one) => this.#row(one)));
  }

  #row({ name, languages }) {
    const item = document.createElement("li");
    item.textContent = `${Words.apart(name)} · ${languages.map((tag) => this.words.language(tag)).join(", ")}`;
    return item;
  }
}

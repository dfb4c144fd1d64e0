// Lists who takes conversations now, what each of them speaks, and who knows Indigenous communities.

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

  #row({ name, languages, kin }) {
    const item = document.createElement("li");
    const known = [languages.map((tag) => this.words.language(tag)).join(", "), kin && this.words.say("kinKnows")];
    item.textContent = [Words.apart(name), ...known.filter(Boolean)].join(" · ");
    return item;
  }
}

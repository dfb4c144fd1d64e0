// Danger in one conversation: one press marks its kind; its steps, sentences in their order and numbers stand open then.

import { asAge } from "./clock.js";
import { press, said, sentence } from "./rows.js";

export class Danger {
  // act: {mark(kind, who), tick(step, isSet), end(outcome, text, done), send(card), draft(text), close()}; regions: whose numbers it shows.
  constructor({ element, tag, talk, book, words, regions, act }) {
    Object.assign(this, { element, tag, talk, book, words, regions, act });
    this.place = null;
    this.shown = this.marked = "";
    // The kind pressed last, until the card says so: what it says meanwhile is the answer to an earlier press.
    this.asked = "";
    // Step -> what was tapped, until the card says so too.
    this.tapped = new Map();
    element.addEventListener("change", ({ target }) => {
      if (!target.closest("[data-plan]")) return;
      this.tapped.set(target.value, target.checked);
      act.tick(target.value, target.checked);
    });
    this.kinds = [...element.querySelectorAll("[data-danger]")];
    this.kinds.forEach((button) => button.addEventListener("click", () => this.#mark(button.dataset.danger)));
    element.addEventListener("keydown", (event) => this.#pressed(event));
    this.#at("danger-shut").addEventListener("click", () => this.turn(false));
    this.#at("who-keep").addEventListener("click", () => act.mark(this.shown, this.#at("who").value.trim()));
    this.#at("danger-region").addEventListener("change", () => {
      this.#at("danger-unknown").hidden = true;
      this.#drawNumbers();
    });
    this.#at("danger-save").addEventListener("click", () => this.#save());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  turn(isOpen) {
    this.element.hidden = !isOpen;
    if (!isOpen) {
      this.act.close();
      return;
    }
    this.draw(Date.now());
    (this.kinds.find(({ dataset }) => dataset.danger === this.shown) ?? this.kinds[0]).focus();
  }

  // What stands on the card, and which sentences may be sent by now.
  draw(now) {
    const { card } = this.talk;
    this.#drawRegion(card.region || "");
    const says = this.says(now);
    this.tag.hidden = !says;
    this.tag.textContent = says;
    this.tag.classList.toggle("is-urgent", Boolean(card.danger) && !card.outcome);
    this.tag.classList.toggle("is-quiet", Boolean(card.outcome));
    const marked = card.outcome ? "" : card.danger || "";
    if (card.outcome || marked === this.asked) this.asked = "";
    // Its ticks may have been drawn once more between the press that ended it and the card that says so.
    if (this.marked && !marked) this.#untick();
    if (marked && !this.asked && marked !== this.marked && marked !== this.shown) this.#show(marked);
    this.marked = marked;
    if (marked && marked === this.shown) this.#drawSteps(marked, card.steps);
    this.#at("danger-who").hidden = this.shown !== "coming" || Boolean(card.outcome);
    if (this.isOpen) this.#drawCards();
  }

  // The mark in words, with its age; empty without one.
  says(now) {
    const { card, dangerSince } = this.talk;
    if (!card.danger) return "";
    const kind = this.#kind(card.danger);
    if (card.outcome) return this.words.say("dangerWas", { kind, outcome: this.words.outcome(card.outcome) });
    const time = asAge((now - dangerSince) / 1000);
    return this.words.say(card.who ? "dangerIsWho" : "dangerIs", { kind, time, who: `\u2068${card.who}\u2069` });
  }

  // What was done in one danger is no account of the next.
  wipe() {
    this.#at("who").value = this.#at("account").value = this.#at("outcome").value = "";
    this.#untick();
  }

  #untick() {
    this.tapped.clear();
    for (const step of this.element.querySelectorAll("[data-plan] input")) step.checked = false;
  }

  // As the card has them: another page, or whoever held her before, ticked them. An older house says nothing of them.
  #drawSteps(kind, steps) {
    if (!steps) return;
    for (const step of this.element.querySelectorAll(`[data-plan="${kind}"] input`)) {
      const isSet = steps.includes(step.value);
      if (this.tapped.get(step.value) === isSet) this.tapped.delete(step.value);
      if (!this.tapped.has(step.value)) step.checked = isSet;
    }
  }

  #kind(kind) {
    return this.words.danger(kind);
  }

  #mark(kind) {
    const { card } = this.talk;
    this.#show(kind);
    if (this.asked || card.danger !== kind || card.outcome) {
      this.asked = kind;
      this.act.mark(kind, "");
    }
    this.element.querySelector(`[data-plan="${kind}"] input`).focus();
  }

  #show(kind) {
    if (kind !== this.shown) this.tapped.clear();
    this.shown = kind;
    for (const button of this.kinds) button.setAttribute("aria-pressed", String(button.dataset.danger === kind));
    for (const plan of this.element.querySelectorAll("[data-plan]")) plan.hidden = plan.dataset.plan !== kind;
    this.#at("danger-more").hidden = false;
    this.#drawNumbers();
    this.drawn = null;
    this.#drawCards();
  }

  // Each sentence as she reads it; what must not be asked yet has no button that would send it.
  #drawCards() {
    const plan = this.element.querySelector(`[data-plan="${this.shown}"]`);
    if (!plan) return;
    const names = plan.dataset.cards.split(" ");
    const waits = names.map((name) => this.book.waitsFor(name, this.talk));
    const drawn = JSON.stringify([this.shown, waits, this.talk.card.language]);
    if (this.drawn === drawn) return;
    this.drawn = drawn;
    plan.querySelector(".danger-cards").replaceChildren(...names.map((name, at) => this.#row(name, waits[at])));
  }

  #row(name, waits) {
    const row = document.createElement("li");
    const hers = this.talk.card.language || this.book.desk;
    row.append(...sentence(this.book, name, hers));
    if (!waits) row.append(this.#button("dangerSend", this.book.say(name), () => this.act.send(name)));
    else row.append(said("quiet-text", this.words.say(waits === "other" ? "dangerOther" : "dangerFirst"), this.book.desk));
    return row;
  }

  // Where she said she is, as often as she says it; what is chosen by hand holds until she says something else. For a place
  // nobody knows those of the house stand there, and say so.
  #drawRegion(place) {
    if (this.place === place) return;
    this.place = place;
    const { regions } = this;
    const found = regions.find(place);
    this.#at("danger-region").value = found || regions.house;
    this.#at("danger-unknown").hidden = Boolean(found);
    this.#at("danger-unknown").textContent = this.words.say("regionUnknownHouse", { region: regions.nameOf(regions.house) });
    if (this.shown) this.#drawNumbers();
  }

  #drawNumbers() {
    const region = this.regions.numbersOf(this.#at("danger-region").value);
    const fits = [...region.children].filter(({ dataset }) => !dataset.for || dataset.for === this.shown);
    this.#at("danger-numbers").replaceChildren(
      ...fits.map((one) => {
        const line = one.cloneNode(true);
        const { number } = one.dataset;
        if (number) line.append(" ", this.#button("dangerInto", number, () => this.act.draft(number)));
        return line;
      }),
    );
  }

  #button(word, of, act) {
    return press({ text: this.words.say(word), of, act });
  }

  #save() {
    const outcome = this.#at("outcome").value;
    if (!outcome) {
      this.#at("outcome").focus();
      return;
    }
    const ticked = this.element.querySelectorAll(`[data-plan="${this.shown}"] input:checked`);
    const went = this.act.end(outcome, this.#at("account").value.trim(), [...ticked].map(({ value }) => value));
    if (!went) return;
    this.wipe();
    this.turn(false);
  }

  // One to five choose the kind, Escape goes back to the words.
  #pressed(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.turn(false);
    }
    const kind = this.kinds[Number(event.key) - 1];
    if (kind && kind.parentElement.contains(event.target)) {
      event.preventDefault();
      this.#mark(kind.dataset.danger);
    }
  }

  #at(name) {
    return this.element.querySelector(`[data-at="${name}"]`);
  }
}

// The cards and sentences this house knows: found by two letters or a word, said in the desk's language and in hers.

import { asName } from "./tags.js";

export class Book {
  // cards, choices: elements whose children hold each in data-, by language.
  constructor({ cards, choices, desk }) {
    this.desk = desk;
    this.choices = new Map([...choices.children].map(({ dataset }) => [dataset.choice, dataset]));
    this.cards = new Map([...cards.children].map(({ dataset }) => [dataset.card, dataset]));
  }

  // What fits what was typed, those first whose letters it begins.
  find(typed) {
    const looked = typed.trim().toLowerCase();
    const names = [...this.cards.keys()];
    const byLetters = names.filter((name) => this.cards.get(name).letters.startsWith(looked));
    const byWord = names.filter((name) => this.say(name, this.desk).toLowerCase().includes(looked));
    return [...new Set([...byLetters, ...byWord])];
  }

  letters(name) {
    return this.cards.get(name).letters;
  }

  has(name) {
    return this.cards.has(name);
  }

  // Why it may not be sent to her by now, empty where it may: what its answer would change has to be said before it
  // ("first"), and while somebody else may be reading nothing is sent that tells that somebody wrote ("other").
  waitsFor(name, talk) {
    const { after, tells } = this.cards.get(name);
    if (tells !== undefined && talk.card.other) return "other";
    return after && !talk.hasSaid(after) ? "first" : "";
  }

  isReady(name, talk) {
    return !this.waitsFor(name, talk);
  }

  say(name, tag = this.desk) {
    return this.#in(this.cards.get(name), tag);
  }

  choicesOf(name) {
    return (this.cards.get(name)?.choices || "").split(" ").filter(Boolean);
  }

  sayChoice(choice, tag = this.desk) {
    return this.#in(this.choices.get(choice), tag);
  }

  #in(data, tag) {
    return data?.[`in${asName(tag)}`] || data?.inEn || "";
  }
}

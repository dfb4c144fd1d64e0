// One tab for each conversation: number, shape, colour, name and one line of state; the colour is never the only sign.

import { asAge } from "./clock.js";

export class TabsView {
  // choose(talk) is called for a press on a tab; hasDraft(talk) -> whether something is typed for it.
  constructor({ list, talks, words, choose, hasDraft }) {
    Object.assign(this, { list, talks, words, choose, hasDraft });
    // Talk -> <button>.
    this.tabs = new Map();
    list.addEventListener("keydown", (event) => this.#walk(event));
  }

  draw(now) {
    const shown = this.talks.shown;
    for (const [talk, tab] of this.tabs) {
      if (shown.includes(talk)) continue;
      tab.remove();
      this.tabs.delete(talk);
    }
    shown.forEach((talk, place) => {
      const tab = this.tabs.get(talk) ?? this.#make(talk);
      if (this.list.children[place] !== tab) this.list.insertBefore(tab, this.list.children[place] ?? null);
      this.#fill(tab, talk, now);
    });
    this.list.hidden = shown.length === 0;
  }

  focus(talk) {
    this.tabs.get(talk)?.focus();
  }

  #make(talk) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = `tab talk-${talk.look}`;
    tab.setAttribute("role", "tab");
    tab.id = `tab-${talk.number}`;
    tab.setAttribute("aria-controls", `pane-${talk.number}`);
    for (const name of ["shape", "tab-name", "tab-line", "tab-new"]) {
      const part = document.createElement("span");
      part.className = name;
      tab.append(part);
    }
    tab.addEventListener("click", () => this.choose(talk));
    this.tabs.set(talk, tab);
    return tab;
  }

  #fill(tab, talk, now) {
    const [shape, name, line, fresh] = tab.children;
    const isOpen = this.talks.active === talk;
    tab.setAttribute("aria-selected", String(isOpen));
    tab.tabIndex = isOpen ? 0 : -1;
    shape.textContent = String(talk.number);
    name.textContent = this.words.nameOf(talk);
    const said = [this.words.language(talk.card.language ?? ""), this.words.lineOf(talk, now, asAge)];
    if (!isOpen && this.hasDraft(talk)) said.push(this.words.say("draft"));
    line.textContent = said.filter(Boolean).join(" · ");
    fresh.hidden = talk.unread === 0;
    fresh.textContent = talk.unread ? String(talk.unread) : "";
    fresh.setAttribute("aria-label", talk.unread ? this.words.say("new", { n: talk.unread }) : "");
  }

  // Arrow keys walk along the tabs, in the direction the page is read.
  #walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const shown = this.talks.shown;
    const end = { Home: shown[0], End: shown[shown.length - 1] }[event.key];
    if (!(step || end) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const turn = getComputedStyle(this.list).direction === "rtl" ? -1 : 1;
    const place = shown.indexOf(this.talks.active) + (step ?? 0) * turn;
    const talk = end ?? shown[(place + shown.length) % shown.length];
    this.choose(talk);
    this.focus(talk);
  }
}

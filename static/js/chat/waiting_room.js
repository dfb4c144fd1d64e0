// The waiting room: where she stands in line, and questions of one tap each that nobody has to answer.

export class WaitingRoom {
  // answer(question, choice) is called for each tap; an empty choice takes an answer back.
  constructor({ head, place, minutes, room, urgent, choice, words, announcer, answer }) {
    Object.assign(this, { head, place, minutes, room, urgent, choice, words, announcer, answer });
    this.chosen = new Map();
    for (const field of room.querySelectorAll("[data-ask]")) this._rows(field);
    room.addEventListener("click", (event) => this._tapped(event));
    room.addEventListener("change", (event) => this._changed(event));
  }

  show() {
    this.head.hidden = this.room.hidden = false;
  }

  hide() {
    this.head.hidden = true;
    this.choice.stop();
    this.askFirst(this.isFirst);
  }

  // While the safe question comes before anything else, it stands whoever holds the talk.
  askFirst(isFirst) {
    this.isFirst = isFirst;
    this.room.hidden = this.head.hidden && !isFirst;
    if (this.room.hidden) this.urgent.hidden = true;
  }

  // For how many seconds by now.
  waits(waited) {
    this.choice.waits(waited);
  }

  // place from 1; minutes null: nobody can be counted on now.
  move(place, minutes) {
    const where = place > 1 ? this.words.say("place", { n: place }) : this.words.say("next");
    const wait = minutes === null ? this.words.say("noMinutes") : this.words.count("minutes", minutes);
    if (this.place.textContent === where && this.minutes.textContent === wait) return;
    this.place.textContent = where;
    this.minutes.textContent = wait;
    this.announcer.say(`${where} ${wait}`);
  }

  // In line again; where, and how long, is told in a moment.
  again() {
    this.place.textContent = this.minutes.textContent = "";
    this.waits(0);
  }

  // What the server has kept: after a cut line, or on the way back into line.
  keep(answers) {
    for (const [question, choice] of Object.entries(answers)) this.chosen.set(question, choice);
    for (const field of this.room.querySelectorAll("input")) {
      const choice = this.chosen.get(field.name) || "";
      if (field.type === "text") {
        if (field !== document.activeElement && field.value === "") field.value = choice;
      } else {
        field.checked = field.value === choice;
      }
    }
    this._warn();
  }

  forget() {
    this.chosen.clear();
    this.choice.stop();
    for (const field of this.room.querySelectorAll("input")) {
      if (field.type === "text") field.value = "";
      else field.checked = false;
    }
  }

  // One row for each choice that stands in the fieldset's data-.
  _rows(field) {
    const { ask } = field.dataset;
    for (const [choice, words] of Object.entries(field.dataset)) {
      if (choice === "ask") continue;
      const row = document.createElement("label");
      row.className = "card";
      const tap = document.createElement("input");
      Object.assign(tap, { type: "radio", name: ask, value: choice, autocomplete: "off" });
      const said = document.createElement("span");
      said.textContent = words;
      row.append(tap, said);
      field.append(row);
    }
  }

  // A second tap on a chosen answer takes it back: nobody is held to what she said.
  _tapped({ target }) {
    if (target.type === "radio" && this.chosen.get(target.name) === target.value) {
      target.checked = false;
      this._give(target.name, "");
    }
  }

  _changed({ target }) {
    if (target.type === "text") this._give(target.name, target.value.trim().slice(0, target.maxLength));
    else this._give(target.name, target.checked ? target.value : "");
  }

  _give(question, choice) {
    if ((this.chosen.get(question) || "") === choice) return;
    this.chosen.set(question, choice);
    this.answer(question, choice);
    this._warn();
  }

  // Not safe: the number to call stands right there.
  _warn() {
    this.urgent.hidden = !["no", "now"].includes(this.chosen.get("safe"));
  }
}

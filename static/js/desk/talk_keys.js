// Keys of the chat desk: Alt and a letter, in a field too. The list that shows them is portal/staff/keys_shown.py.

import { keyOf } from "./shift.js";
import { isField, isWithAlt } from "./typing.js";

export class TalkKeys {
  // isOff(): the desk is locked; mayTurn(): there is a line that hears of her shift; turn(state): where she is in it.
  constructor({ view, talks, isOff, mayTurn, turn }) {
    Object.assign(this, { view, talks, isOff, mayTurn, turn });
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  // By the place of the key, so that it is the same finger whatever the layout calls it.
  get #acts() {
    const { view, talks } = this;
    const { pane, side } = view.panes.get(talks.active) ?? {};
    return {
      // A colleague waits for a yes sooner than whoever is in line.
      KeyQ: () => (view.offers.rows.length ? view.offers.rove.enter() : view.queueView.rove.enter(view.queueView.nextRow)),
      KeyC: () => pane?.focus(),
      KeyU: () => view.unsend.takeNewest(talks.active),
      KeyK: () => pane?.find(),
      KeyM: () => pane?.tried.turn(),
      KeyH: () => pane?.stillHere(),
      KeyA: () => pane?.greet(),
      KeyI: () => side?.writeNote(),
      KeyG: () => pane?.inDanger(),
      KeyV: () => pane?.callHelp(),
      KeyN: () => pane?.handing.turn(true),
      KeyS: () => pane?.boundary.turn(!pane.boundary.isOpen),
      KeyT: () => talks.active && view.takeDown(talks.active),
      KeyX: () => pane?.end(),
    };
  }

  #pressed(event) {
    if (this.isOff() || event.defaultPrevented) return;
    // Out of a field, to where arrows and single letters are heard: nothing that was typed goes.
    if (event.key === "Escape" && isField(event.target) && !event.isComposing && event.target.closest(".pane, .side")) {
      event.preventDefault();
      this.view.tabs.focus(this.talks.active);
      return;
    }
    if (!isWithAlt(event)) return;
    const state = this.mayTurn() ? keyOf(event) : null;
    const digit = /^Digit([1-9])$/.exec(event.code);
    const talk = digit && this.talks.shown.find(({ number }) => number === Number(digit[1]));
    const act = state ? () => this.turn(state) : talk ? () => this.view.choose(talk) : this.#acts[event.code];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

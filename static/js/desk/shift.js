// Where she is in her shift: one list, one key each, and a question before the last one goes.

const KEYS = { KeyR: "ready", KeyP: "on_call", KeyF: "finishing", KeyW: "wrap_up", KeyB: "break", KeyO: "off" };
const ASKS = new Set(["last_one", "holding"]);

export const keyOf = ({ altKey, ctrlKey, metaKey, shiftKey, code }) =>
  altKey && !ctrlKey && !metaKey && !shiftKey ? KEYS[code] ?? null : null;

export class Shift {
  // at: an element by its id; turn(state, knows) says it to the server; why(reason) is the question in words.
  constructor({ at, turn, why }) {
    Object.assign(this, { at, why });
    this.list = at("shift");
    this.asked = null;
    this.told = "";
    this.turn = (state, knows = false) => {
      this.asked = state;
      turn(state, knows);
    };
    this.list.addEventListener("change", () => this.turn(this.list.value));
    at("shift-knows").addEventListener("click", () => {
      this.#ask(null);
      this.turn(this.asked, true);
    });
    at("shift-stays").addEventListener("click", () => this.#ask(null));
  }

  // What the server says she is in; empty where it does not know the word yet.
  draw(state, isOffline) {
    this.list.hidden = !state || isOffline;
    if (state && state !== this.told) this.list.value = state;
    this.told = state;
  }

  // True when the refusal was a question for her.
  refused(reason) {
    if (!ASKS.has(reason)) return false;
    this.#ask(this.why(reason));
    return true;
  }

  #ask(words) {
    this.at("shift-ask").hidden = !words;
    this.at("shift-why").textContent = words ?? "";
    if (words) this.at("shift-stays").focus();
    else this.list.value = this.told;
  }
}

// Where she is in her shift: one list, one key each, and a question before the last one goes, or whoever holds somebody.

const KEYS = { KeyR: "ready", KeyP: "on_call", KeyJ: "finishing", KeyW: "wrap_up", KeyB: "break", KeyO: "off" };
// Milliseconds until a sign-out waits for the line no longer.
const NO_ANSWER = 3000;
const ASKS = new Set(["last_one", "holding"]);

export const keyOf = ({ altKey, ctrlKey, metaKey, shiftKey, code }) =>
  altKey && !ctrlKey && !metaKey && !shiftKey ? KEYS[code] ?? null : null;

export class Shift {
  // at: an element by its id; turn(state, knows, closes) says it to the server; why(reason) is the question in words;
  // isLast(): she may close the chat as the last one; hand: opens the handing on, null where she holds nobody.
  constructor({ at, turn, why, isLast, hand }) {
    Object.assign(this, { at, why, isLast });
    this.list = at("shift");
    this.asked = null;
    this.told = "";
    // The form that signs her out, once she is off.
    this.leaving = null;
    // Whether she was asked, and goes on.
    this.knew = false;
    this.turn = (state, knows = false, closes = 0) => {
      this.asked = state;
      this.knew = knows;
      if (state !== "off") this.leaving = null;
      if (this.leaving) this.#waitForAnswer();
      turn(state, knows, closes);
    };
    this.hand = hand;
    at("shift-hand").addEventListener("click", () => {
      this.leaving = null;
      this.#ask(null);
      this.hand()?.();
    });
    at("shift-close").addEventListener("click", () => {
      this.#ask(null);
      this.turn(this.asked, true, Number(at("shift-lasts").value));
    });
    this.list.addEventListener("change", () => this.turn(this.list.value));
    at("shift-knows").addEventListener("click", () => {
      this.#ask(null);
      this.turn(this.asked, true);
    });
    at("shift-stays").addEventListener("click", () => {
      this.leaving = null;
      this.#ask(null);
    });
  }

  // Signing out is going off: the same question first, and then the form goes. Without an answer it goes all the same,
  // and the page behind it asks.
  leave(form) {
    this.leaving = form;
    this.turn("off");
  }

  // What the server says she is in; empty where it does not know the word yet.
  draw(state, isOffline) {
    this.list.hidden = !state || isOffline;
    if (state && state !== this.told) this.list.value = state;
    this.told = state;
    // One who was off before, and holds somebody, is asked all the same.
    if (state !== "off" || !this.leaving || (this.hand() && !this.knew)) return;
    if (this.knew) this.leaving.append(Object.assign(document.createElement("input"), { type: "hidden", name: "knows", value: "yes" }));
    this.leaving.submit();
    this.leaving = null;
  }

  // True when the refusal was a question for her.
  refused(reason) {
    if (!ASKS.has(reason)) return false;
    const isBoth = reason === "holding" && this.isLast();
    this.#ask(isBoth ? `${this.why(reason)} ${this.why("last_one")}` : this.why(reason));
    return true;
  }

  #waitForAnswer() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      if (this.leaving && this.at("shift-ask").hidden) this.leaving.submit();
    }, NO_ANSWER);
  }

  #ask(words) {
    this.at("shift-ask").hidden = !words;
    this.at("shift-why").textContent = words ?? "";
    this.at("shift-closing").hidden = !this.isLast();
    this.at("shift-hand").hidden = !this.hand();
    if (words) this.at("shift-stays").focus();
    else this.list.value = this.told;
  }
}

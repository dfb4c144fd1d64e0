// The field for one's own words: Enter where a keyboard has a real one, never in the middle of composing a letter.

// Characters of one message, as the line allows. What is longer goes out as several: nothing pasted is cut off.
const LONGEST = 4000;
// Lines.
const TALLEST = 4;
const TYPING_EVERY = 3000;

// Cut where a word ends; a run without an end is cut where it is full, between two whole letters.
export function pieces(text) {
  const found = [];
  while (text.length > LONGEST) {
    const end = text.slice(0, LONGEST + 1).search(/\s\S*$/);
    const cut = end > 0 ? end : LONGEST - /[\uD800-\uDBFF]/.test(text[LONGEST - 1]);
    found.push(text.slice(0, cut));
    text = text.slice(cut).trim();
  }
  return [...found, text];
}

export class Composer {
  // say(text) is called with words that are not blank; typing() at most every three seconds.
  constructor({ field, button, enterSends, say, typing }) {
    Object.assign(this, { field, button, enterSends, say, typing });
    this.typedAt = 0;
    button.addEventListener("click", () => this._send());
    field.addEventListener("input", () => this._typed());
    field.addEventListener("keydown", (event) => this._pressed(event));
    enterSends.checked = matchMedia("(any-hover: hover) and (any-pointer: fine)").matches;
    enterSends.addEventListener("change", () => this._name());
    this._name();
  }

  clear() {
    this.field.value = "";
    this.fit();
  }

  // The key of a touch keyboard says what it does.
  _name() {
    this.field.setAttribute("enterkeyhint", this.enterSends.checked ? "send" : "enter");
  }

  _send() {
    const text = this.field.value.trim();
    if (text) {
      pieces(text).forEach((piece) => this.say(piece));
      this.clear();
    }
    this.field.focus();
  }

  _typed() {
    this.fit();
    const now = Date.now();
    if (this.field.value && now - this.typedAt >= TYPING_EVERY) {
      this.typedAt = now;
      this.typing();
    }
  }

  _pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (!this.enterSends.checked) return;
    event.preventDefault();
    this._send();
  }

  fit() {
    this.field.rows = 1;
    while (this.field.rows < TALLEST && this.field.scrollHeight > this.field.clientHeight + 2) this.field.rows += 1;
  }
}

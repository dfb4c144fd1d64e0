// Opens what stands under "More" in place of the words, and asks twice before the end; nothing covers the way out.
// While it stands open its button is the way back to the words, and says when new ones have come.

export class More {
  // ended(): the visitor chose the end, and chose it again.
  constructor({ button, panel, instead, ask, sure, keep, end, ended }) {
    Object.assign(this, { button, panel, instead, ask, sure, keep });
    this.name = button.textContent;
    button.addEventListener("click", () => this.turn(panel.hidden));
    ask.addEventListener("click", () => this._sure(true));
    keep.addEventListener("click", () => {
      this._sure(false);
      this.turn(false);
      button.focus();
    });
    end.addEventListener("click", () => {
      this.turn(false);
      ended();
    });
  }

  turn(isOpen) {
    this.button.setAttribute("aria-expanded", String(isOpen));
    this.button.textContent = isOpen ? this.keep.textContent : this.name;
    this.panel.hidden = !isOpen;
    this.instead.hidden = isOpen;
    this._sure(false, isOpen);
  }

  // Words have come that nobody sees behind this.
  news(words) {
    if (!this.panel.hidden) this.button.textContent = words;
  }

  // The safe choice comes first and has the focus.
  _sure(isAsking, keepsFocus = true) {
    const wasAsking = !this.sure.hidden;
    this.sure.hidden = !isAsking;
    this.ask.hidden = isAsking;
    if (isAsking) this.keep.focus();
    else if (wasAsking && keepsFocus) this.ask.focus();
  }
}

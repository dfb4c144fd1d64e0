// Shows the number to come back with when she asks for it, and takes it from the page again when she looks away.

// As a telephone number is learnt by heart.
export function grouped(code) {
  return `${code.slice(0, 4)} ${code.slice(4, 7)} ${code.slice(7, 11)} ${code.slice(11)}`;
}

// Opened again it is the same number, for as long as it works: nobody is to learn a second one by heart.
export class WayBack {
  // wish(): ask for a number; true when the question went out.
  constructor({ fold, button, told, number, said, words, wish, now = Date.now }) {
    Object.assign(this, { fold, button, told, number, said, words, wish, now });
    this.forget();
    button.addEventListener("click", () => this._asked());
    fold.addEventListener("toggle", () => fold.open || this.hide());
  }

  made({ code, lasts_s: lasts }) {
    this.code = code;
    this.until = this.now() + lasts * 1000;
    if (this.fold.open) this._show();
  }

  refused() {
    this.said.textContent = this.words.say("noNumber");
  }

  hide() {
    this.number.textContent = this.said.textContent = "";
    this.told.hidden = true;
    this.button.hidden = false;
  }

  forget() {
    this.code = null;
    this.fold.open = false;
    this.hide();
  }

  _asked() {
    if (this.code && this.now() < this.until) this._show();
    else if (this.wish()) this.said.textContent = this.words.say("startBusy");
    else this.refused();
  }

  _show() {
    this.number.textContent = grouped(this.code);
    this.said.textContent = "";
    this.told.hidden = false;
    this.button.hidden = true;
    this.told.focus();
  }
}

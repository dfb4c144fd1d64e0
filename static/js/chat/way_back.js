// Shows the number to come back with when she asks for it, and takes it from the page again when she looks away. Where
// it is shown she may say that it outlives the exit.

// As a telephone number is learnt by heart.
export function grouped(code) {
  return `${code.slice(0, 4)} ${code.slice(4, 7)} ${code.slice(7, 11)} ${code.slice(11)}`;
}

// Opened again it is the same number, for as long as it works: nobody is to learn a second one by heart.
export class WayBack {
  // wish(): ask for a number; true when the question went out. keep(stays, done): say whether it outlives the exit;
  // done(is so, words).
  constructor({ fold, button, told, number, said, words, wish, stays, staysSaid, keep, now = Date.now }) {
    Object.assign(this, { fold, button, told, number, said, words, wish, stays, staysSaid, keep, now });
    this.forget();
    stays.addEventListener("change", () => this.isAsking || this._keep());
    button.addEventListener("click", () => this._asked());
    fold.addEventListener("toggle", () => fold.open || this.hide());
  }

  made({ code, lasts_s: lasts }) {
    this.code = code;
    this.until = this.now() + lasts * 1000;
    this._turn(false);
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
    this._turn(false);
    this.hide();
  }

  // One question at a time: what she chose last is what the server heard last.
  _keep() {
    const wished = this.stays.checked;
    this.isAsking = true;
    this.staysSaid.textContent = this.words.say("startBusy");
    this.keep(wished, (isSo, words) => {
      this.isAsking = false;
      if (!isSo) this._turn(!wished, words || this.words.say("noNumber"));
      else if (this.stays.checked === wished) this._turn(wished, words);
      else this._keep();
    });
  }

  _turn(stays, words = "") {
    this.stays.checked = stays;
    this.staysSaid.textContent = words;
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

// After a while without an answer: she may keep waiting, phone, or leave her words as a note. It asks again after as long.

export class Choice {
  // left() answers what opens her talk and what was not sent yet; isWriting() whether something stands in her field.
  constructor({ form, heading, stay, left, isWriting, announcer }) {
    Object.assign(this, { form, heading, isWriting, announcer });
    this.timer = null;
    // The page before had promised somebody free: she is asked at once.
    this.isLate = false;
    stay.addEventListener("click", () => this.waits(0));
    form.addEventListener("submit", () => {
      const { token, rest } = left();
      this._fill(token || "", rest);
      // Sent by now. Where the browser stays on this page, neither is to lie about in it.
      setTimeout(() => this._fill("", ""), 0);
    });
  }

  // She waits, and has waited so many seconds.
  waits(waited) {
    this.stop();
    const after = this.isLate ? 0 : this.form.dataset.after;
    this.isLate = false;
    this.timer = setTimeout(() => this._ask(), Math.max(0, after - waited) * 1000);
  }

  stop() {
    clearTimeout(this.timer);
    this.form.hidden = true;
  }

  _fill(token, rest) {
    this.form.elements.t.value = token;
    this.form.elements.rest.value = rest;
  }

  _ask() {
    this.form.hidden = false;
    this.announcer.say(this.heading.textContent);
    // Whoever is in the middle of a sentence is not moved away from it.
    if (!this.isWriting()) this.form.scrollIntoView({ block: "nearest" });
  }
}

// Says her place and the honest wait again each minute, for whoever hears the page: for the eye they stand there anyway.

// Milliseconds.
const EVERY = 60000;

export class StillInLine {
  // isThere(): nothing covers the page, and what stands there is what the house says now.
  constructor({ head, place, minutes, announcer, isThere, every = setInterval }) {
    Object.assign(this, { head, place, minutes, announcer, isThere });
    every(() => this._say(), EVERY);
  }

  _say() {
    const told = [this.place, this.minutes].map((line) => line.textContent).filter(Boolean);
    if (!this.head.hidden && told.length && this.isThere()) this.announcer.say(told.join(" "));
  }
}

// Reads new things out, politely and once each, through the page's one live region.

// Milliseconds: two changes closer together than this are read as one by some readers.
const BETWEEN = 1200;

export class Announcer {
  constructor(region) {
    this.region = region;
    this.waiting = [];
    this.timer = null;
  }

  say(text) {
    if (!text || this.isQuiet) return;
    this.waiting.push(text);
    if (this.timer === null) this._next();
  }

  // What holds this text and is being read, or waits to be.
  unsay(text) {
    this.waiting = this.waiting.filter((one) => !one.includes(text));
    if (this.region.textContent.includes(text)) this.region.textContent = "";
  }

  forget() {
    clearTimeout(this.timer);
    this.timer = null;
    this.waiting = [];
    this.region.textContent = "";
  }

  _next() {
    const text = this.waiting.shift() || "";
    this.region.textContent = text;
    // Said words do not stay in the page: the last step empties the region.
    this.timer = text ? setTimeout(() => this._next(), BETWEEN) : null;
  }
}

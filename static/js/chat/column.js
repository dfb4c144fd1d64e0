// Keeps the talk as tall as what can be seen, so that a keyboard covers neither the way out nor the last words.

// Pixels of height under which the label above the field gives way.
const TIGHT = 480;

export class Column {
  // log: its newest words stay in sight where they were.
  constructor(page, log) {
    this.log = log;
    this.page = page;
    this.root = page.documentElement;
    this.seen = window.visualViewport;
    this.fit = () => this._fit();
  }

  start() {
    this.page.body.classList.add("live-talk");
    (this.seen || window).addEventListener("resize", this.fit);
    if (this.seen) this.seen.addEventListener("scroll", this.fit);
    this._fit();
  }

  // A page like any other again.
  stop() {
    this.page.body.classList.remove("live-talk");
    (this.seen || window).removeEventListener("resize", this.fit);
    if (this.seen) this.seen.removeEventListener("scroll", this.fit);
    for (const name of ["--seen", "--above"]) this.root.style.removeProperty(name);
    this.root.classList.remove("tight");
  }

  _fit() {
    const height = this.seen ? this.seen.height : window.innerHeight;
    // While somebody pinches to read, the page stays as it is.
    if (this.seen && this.seen.scale > 1.01) return;
    const wasAtEnd = this.log.isAtEnd;
    this.root.style.setProperty("--seen", `${Math.round(height)}px`);
    this.root.style.setProperty("--above", `${Math.round(this.seen ? this.seen.offsetTop : 0)}px`);
    this.root.classList.toggle("tight", height < TIGHT);
    if (wasAtEnd) this.log.toEnd();
  }
}

// Draws what a machine made of the advocate's words under them, and keeps the one tap that stops the machine in sight.

const YES = "machineyes";
const NO = "machineno";
const STOP = "machinestop";

export class Translations {
  // line: where the stop stands; conversation, log, announcer: of the talk.
  constructor({ line, conversation, log, announcer }) {
    Object.assign(this, { line, conversation, log, announcer });
    const { view } = conversation;
    // Questions to which her yes stands.
    this.standing = new Set(view.agreed);
    const { tapped, made } = view;
    view.tapped = (seq, choice) => {
      tapped.call(view, seq, choice);
      this._turn(seq, choice);
    };
    view.agrees = (seqs) => {
      this.standing = new Set(seqs);
      this._draw();
    };
    view.translated = (frame) => this.add(frame);
    line.firstElementChild.addEventListener("click", (event) => {
      conversation.tap(Math.max(...this.standing), STOP, event.target.textContent);
    });
    for (const frame of made) this.add(frame);
    this._draw();
  }

  // Below the words it was made of; whoever reads further up or down goes on reading where she is.
  add({ seq, text, language, label, warn, source }) {
    const entry = this.conversation.transcript.bySeq.get(seq);
    const item = entry && this.log.drawn.get(entry);
    const words = item && item.querySelector("p.bubble-words");
    if (!words) return;
    const stay = this.log.isAtEnd;
    const next = item.nextElementSibling;
    const was = next && next.getBoundingClientRect().top;
    const box = piece("div", "bubble-words");
    words.replaceWith(box);
    const made = piece("div", "made");
    box.append(piece("p", "made-of", entry.text, source), made);
    if (label) made.append(piece("p", "hint", label));
    if (text) made.append(piece("p", "made-words", text, language));
    if (warn) made.append(piece("p", "made-warn", warn));
    this.announcer.say([label, text, warn].filter(Boolean).join(" "));
    if (stay) this.log.toEnd();
    // What stands below it and is in sight stays where it is, if it began above what she sees.
    else if (next && was < this.log.scroller.getBoundingClientRect().bottom && this._isAbove(item)) {
      this.log.scroller.scrollTop += next.getBoundingClientRect().top - was;
    }
  }

  _isAbove(item) {
    return item.getBoundingClientRect().top < this.log.scroller.getBoundingClientRect().top;
  }

  _turn(seq, choice) {
    if (choice === YES) this.standing.add(seq);
    else if (choice === NO) this.standing.delete(seq);
    else if (choice === STOP) this.standing.clear();
    this._draw();
  }

  _draw() {
    const stay = this.log.isAtEnd;
    this.line.hidden = !this.standing.size;
    if (stay) this.log.toEnd();
  }
}

function piece(tag, name, text = "", lang = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  if (lang) {
    made.lang = lang;
    made.dir = "auto";
  }
  return made;
}

// Draws what a machine made of the advocate's words under them, and keeps the one tap that stops the machine in sight.

const YES = "machineyes";
const NO = "machineno";
const STOP = "machinestop";

export class Translations {
  // after: below it stands the tap; conversation, log, announcer: of the talk.
  constructor({ after, conversation, log, announcer }) {
    Object.assign(this, { conversation, log, announcer });
    // Questions to which her yes stands.
    this.standing = new Set();
    this.line = piece("p", "log-note");
    this.line.hidden = true;
    this.stop = piece("button", "button button-second");
    this.stop.type = "button";
    this.stop.addEventListener("click", () => this._stops());
    this.line.append(this.stop);
    after.before(this.line);
    for (const frame of conversation.early) this._hear(frame);
    conversation.early = { push: (frame) => this._hear(frame) };
  }

  _hear(frame) {
    if (frame.type === "MessageTranslated") this._add(frame);
    else if (frame.type === "Welcome") this.standing = new Set(frame.machine || []);
    else if (frame.card === "may_translate") this.stop.textContent = frame.line;
    else if (frame.choice) this._turn(frame.of, frame.choice);
    else return;
    this._draw();
  }

  // Below the words it was made of: whoever reads further down goes on reading where she is.
  _add({ seq, text, language, label, warn, source }) {
    const entry = this.conversation.transcript.bySeq.get(seq);
    const item = entry && this.log.drawn.get(entry);
    const words = item && item.querySelector("p.bubble-words");
    if (!words) return;
    const { scroller, isAtEnd } = this.log;
    const next = item.nextElementSibling;
    const was = next && next.getBoundingClientRect().top;
    const box = piece("div", "bubble-words");
    const made = piece("div", "made");
    box.append(piece("p", "hint", entry.text, source), made);
    words.replaceWith(box);
    if (label) made.append(piece("p", "bubble-by", label));
    if (text) made.append(piece("p", "", text, language));
    if (warn) made.append(piece("p", ""));
    if (warn) made.lastChild.append(piece("strong", "", warn));
    this.announcer.say([label, text, warn].filter(Boolean).join(" "));
    if (isAtEnd) this.log.toEnd();
    // It grew above what she reads: that stays where it was.
    else if (next && was < scroller.getBoundingClientRect().top + scroller.clientHeight / 2) {
      scroller.scrollTop += next.getBoundingClientRect().top - was;
    }
  }

  _turn(seq, choice) {
    if (choice === YES) this.standing.add(seq);
    else if (choice === NO) this.standing.delete(seq);
    else if (choice === STOP) this.standing.clear();
  }

  _stops() {
    if (this.standing.size) this.conversation.tap(Math.max(...this.standing), STOP, this.stop.textContent);
  }

  _draw() {
    const { isAtEnd } = this.log;
    this.line.hidden = !this.standing.size;
    if (isAtEnd) this.log.toEnd();
  }
}

// Words in a language of their own also run in its direction.
function piece(tag, name, text = "", lang = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  if (!lang) return made;
  made.lang = lang;
  made.dir = "auto";
  return made;
}

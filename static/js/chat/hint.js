// Says once, in the language her words seem to be in, that this page can speak it. One tap; nothing changes without it.

export class Hint {
  // go(tag): takes the talk into that language.
  constructor({ conversation, log, announcer, go }) {
    Object.assign(this, { log, announcer, go });
    const { heard } = conversation;
    conversation.heard = (frame) => {
      if (frame.type !== "TongueGuessed") heard.call(conversation, frame);
      else if (!this.isSaid && !conversation.isCovered) this._say(frame);
    };
  }

  _say({ tag, ask, show, no }) {
    this.isSaid = true;
    this.announcer.say(ask);
    const line = this.log.note(ask);
    line.lang = tag;
    line.dir = "auto";
    line.append(
      this._tap(show, () => this.go(tag)),
      this._tap(no, () => line.remove()),
    );
    if (this.log.isAtEnd) this.log.toEnd();
  }

  _tap(words, act) {
    const tap = document.createElement("button");
    tap.type = "button";
    tap.className = "button button-second";
    tap.textContent = words;
    tap.addEventListener("click", act);
    return tap;
  }
}

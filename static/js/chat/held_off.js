// A talk that is stopped for some hours stands in no line: phone and note are the ways from here, until it is open again.

// How a bubble stands that is not taken meanwhile: nothing to tap, for a tap could not help.
const STOPPED = "notNow";

export class HeldOff {
  // besides: what speaks of a wait, and is hidden meanwhile.
  constructor({ conversation, waitingRoom, besides }) {
    Object.assign(this, { conversation, waitingRoom, besides, said: "" });
    const { heard } = conversation;
    conversation.heard = (frame) => {
      if (frame.reason === "held_off" && this._stops(frame.key)) return;
      conversation.told = null;
      heard.call(conversation, frame);
      if (conversation.told) this.told(conversation.told);
    };
    const { move } = waitingRoom;
    waitingRoom.move = (place, minutes) => {
      if (!place) this._turn(true);
      else {
        this._turn(false);
        move.call(waitingRoom, place, minutes);
      }
    };
    // It may have been said before this came.
    if (conversation.told) this.told(conversation.told);
  }

  // The sentence itself stands in the words already.
  told({ text, line }) {
    if (text !== "held_off" && text !== "let_in") return;
    const { view } = this.conversation;
    view.typing(false);
    view.lineState.meet("");
    this.waitingRoom.show();
    if (text === "held_off") {
      this.said = line;
      this._turn(true);
    } else {
      this._turn(false);
      this.waitingRoom.again();
      this._goesOn();
    }
  }

  // Her words stay where they are and wait.
  _stops(key) {
    const { outbox, transcript, view } = this.conversation;
    const entry = outbox.refused(key);
    if (!entry) return false;
    entry.state = STOPPED;
    view.marked(transcript.byKey.get(key), STOPPED);
    view.announcer.say(view.words.say(STOPPED));
    return true;
  }

  _goesOn() {
    for (const entry of this.conversation.outbox.waiting.values()) if (entry.state === STOPPED) entry.final = false;
    this.conversation.resend();
  }

  _turn(isOff) {
    for (const one of this.besides) one.hidden = isOff;
    if (!isOff) return;
    this.waitingRoom.place.textContent = this.said;
    this.waitingRoom.waits(9e9);
  }
}

// Stands before the earlier words when somebody came back: the safe question first, the words behind one tap.

export class Doorstep {
  // opened(): she tapped. Until then nothing that was said is shown or read out: she may have handed over the phone.
  constructor({ line, step, heading, button, waitingRoom, announcer, opened }) {
    Object.assign(this, { line, step, heading, waitingRoom, announcer });
    button.addEventListener("click", () => {
      this._turn(false);
      opened();
    });
  }

  get isClosed() {
    return !this.step.hidden;
  }

  close() {
    this._turn(true);
    this.heading.focus();
  }

  _turn(isClosed) {
    this.step.hidden = !isClosed;
    this.line.classList.toggle("asks-first", isClosed);
    this.announcer.isQuiet = isClosed;
    this.waitingRoom.askFirst(isClosed);
  }
}

// Keeps one line to the server open for as long as the page lives: it beats, notices silence, and comes back.

import { readFrame, writeFrame } from "./protocol.js";

export const CONNECTING = "connecting";
export const CONNECTED = "connected";
export const WEAK = "weak";
export const GONE = "gone";
export const CLOSED = "closed";

// Milliseconds. The page's own beat also tells a server that a sleeping phone is still there.
export const PACE = {
  // Between two beats.
  beat: 15000,
  // No answer to a beat: the line is weak.
  weak: 6000,
  // Still no answer: drop it and call again.
  dead: 20000,
  // How long a line may be silent after the page was woken.
  probe: 1500,
  // How long a call may take.
  connect: 12000,
  retries: [50, 1000, 2000, 4000, 10000],
};

// Why the other end hung up, where that changes what comes next.
export const SIGNED_OUT = 4401;
export const NOT_THERE = 4404;
// Calling again is useless.
const OVER = new Set([1000, 1009, 4400, SIGNED_OUT, NOT_THERE]);
const LATER = new Map([
  [4429, 10000],
  [4503, 1000],
]);

export class Connection {
  // open() -> a new WebSocket, or what acts like one and may say `keepsBeat`; hello() -> the text of the first frame;
  // heard(frame); changed(state); ended(code): the server hung up for good.
  constructor({ open, hello, heard, changed, ended = () => {}, pace = PACE, random = Math.random }) {
    Object.assign(this, { open, hello, heard, changed, ended, pace, random });
    this.state = CLOSED;
    this.socket = null;
    this.failures = 0;
    // Milliseconds from the last call to its answer: what this line needs when all is well.
    this.took = 0;
    // One of each name at a time.
    this.timers = new Map();
  }

  start() {
    if (this.state !== CLOSED) return;
    this._call();
  }

  // Which version of the line the server answered.
  get version() {
    return this.socket ? this.socket.protocol : "";
  }

  // True when the frame was handed to a live line; it may still be lost, so whoever needs an answer keeps it.
  send(text) {
    if (this.state !== CONNECTED && this.state !== WEAK) return false;
    try {
      this.socket.send(text);
      return true;
    } catch (error) {
      return false;
    }
  }

  // The page came back into view, or the network did: make sure within a moment that the line is real.
  wake() {
    if (this.state === CLOSED) return;
    if (this.state === CONNECTED || this.state === WEAK) {
      this._probe(this._patience());
    } else if (this.state === CONNECTING) {
      // A call that was begun before the phone slept may never be answered.
      this._after("dead", this._patience(), () => this._drop());
    } else if (this.state === GONE) {
      this.failures = 0;
      this._call();
    }
  }

  // Something looks wrong (a missing number): a fresh line asks again from the last one seen.
  renew() {
    if (this.state !== CLOSED) this._drop();
  }

  // Something better may carry the line now.
  again() {
    if (this.state !== CLOSED) this._call();
  }

  close() {
    this._still();
    this._forgetSocket();
    this._turn(CLOSED);
  }

  _call() {
    this._still();
    this._forgetSocket();
    this._turn(CONNECTING);
    let socket;
    try {
      socket = this.open();
    } catch (error) {
      this._drop();
      return;
    }
    this.socket = socket;
    this.calledAt = Date.now();
    socket.onopen = () => socket.send(this.hello());
    socket.onmessage = (event) => this._listen(event.data);
    socket.onclose = (event) => this._lost(event.code);
    this._after("dead", this.pace.connect, () => this._drop());
  }

  _listen(text) {
    const frame = readFrame(text);
    if (frame === null) return;
    this._cancel("weak");
    this._cancel("dead");
    if (this.state === CONNECTING) {
      this.took = Date.now() - this.calledAt;
      this.socket.wasHeard = true;
      if (!this.socket.keepsBeat) this._rest();
    }
    this.failures = 0;
    this._turn(CONNECTED);
    this.heard(frame);
  }

  // Beats whatever else is said: the server takes a silent page for a gone one.
  _rest() {
    this._after("beat", this.pace.beat, () => {
      // While an earlier beat is unanswered the clock that watches it goes on.
      if (this.timers.has("dead")) this.send(writeFrame("Here", {}));
      else this._probe(this.pace.dead);
      this._rest();
    });
  }

  // A line of many seconds there and back is not dead for being slow.
  _patience() {
    return Math.max(this.pace.probe, this.took);
  }

  _probe(patience) {
    this.send(writeFrame("Here", {}));
    if (patience > this.pace.weak) this._after("weak", this.pace.weak, () => this._turn(WEAK));
    this._after("dead", patience, () => this._drop());
  }

  _lost(code) {
    if (OVER.has(code)) {
      this.close();
      this.ended(code);
      return;
    }
    this._drop(LATER.get(code) || 0);
  }

  _drop(atLeast = 0) {
    this._still();
    this._forgetSocket();
    const wait = Math.max(atLeast, this.pace.retries[Math.min(this.failures, this.pace.retries.length - 1)]);
    this.failures += 1;
    this._turn(GONE);
    // Spread out, so that a server that came back is not met by every page in the same instant.
    if (this.state === GONE) this._after("call", wait * (0.75 + this.random() / 2), () => this._call());
  }

  _turn(state) {
    if (state === this.state) return;
    this.state = state;
    this.changed(state);
  }

  _forgetSocket() {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close();
    } catch (error) {
      // It was never open: there is nothing to close.
    }
  }

  _after(name, wait, act) {
    this._cancel(name);
    this.timers.set(
      name,
      setTimeout(() => {
        this.timers.delete(name);
        act();
      }, wait),
    );
  }

  _cancel(name) {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }

  _still() {
    for (const name of [...this.timers.keys()]) this._cancel(name);
  }
}

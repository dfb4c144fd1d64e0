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
// Calling again is useless.
const OVER = new Set([1000, 1009, 4400, SIGNED_OUT, 4404]);
const LATER = new Map([
  [4429, 10000],
  [4503, 1000],
]);

export class Connection {
  // open() -> a new WebSocket; hello() -> the text of the first frame; heard(frame); changed(state);
  // ended(code): the server hung up for good.
  constructor({ open, hello, heard, changed, ended = () => {}, pace = PACE, random = Math.random }) {
    Object.assign(this, { open, hello, heard, changed, ended, pace, random });
    this.state = CLOSED;
    this.socket = null;
    this.failures = 0;
    // One of each name at a time.
    this.timers = new Map();
  }

  start() {
    if (this.state !== CLOSED) return;
    this.#call();
  }

  // True when the frame was handed to a live line; it may still be lost, so whoever needs an answer keeps it.
  send(text) {
    if (this.state !== CONNECTED && this.state !== WEAK) return false;
    try {
      this.socket.send(text);
      return true;
    } catch {
      return false;
    }
  }

  // The page came back into view, or the network did: make sure within a moment that the line is real.
  wake() {
    if (this.state === CLOSED) return;
    if (this.state === CONNECTED || this.state === WEAK) {
      this.#probe(this.pace.probe);
    } else if (this.state === CONNECTING) {
      // A call that was begun before the phone slept may never be answered.
      this.#after("dead", this.pace.probe, () => this.#drop());
    } else if (this.state === GONE) {
      this.failures = 0;
      this.#call();
    }
  }

  // Something looks wrong (a missing number): a fresh line asks again from the last one seen.
  renew() {
    if (this.state !== CLOSED) this.#drop();
  }

  close() {
    this.#still();
    this.#forgetSocket();
    this.#turn(CLOSED);
  }

  #call() {
    this.#still();
    this.#forgetSocket();
    this.#turn(CONNECTING);
    let socket;
    try {
      socket = this.open();
    } catch {
      this.#drop();
      return;
    }
    this.socket = socket;
    socket.onopen = () => socket.send(this.hello());
    socket.onmessage = (event) => this.#listen(event.data);
    socket.onclose = (event) => this.#lost(event.code);
    this.#after("dead", this.pace.connect, () => this.#drop());
  }

  #listen(text) {
    const frame = readFrame(text);
    if (frame === null) return;
    this.#cancel("weak");
    this.#cancel("dead");
    if (this.state === CONNECTING) this.#rest();
    this.failures = 0;
    this.#turn(CONNECTED);
    this.heard(frame);
  }

  // Beats whatever else is said: the server takes a silent page for a gone one.
  #rest() {
    this.#after("beat", this.pace.beat, () => {
      // While an earlier beat is unanswered the clock that watches it goes on.
      if (this.timers.has("dead")) this.send(writeFrame("Here", {}));
      else this.#probe(this.pace.dead);
      this.#rest();
    });
  }

  #probe(patience) {
    this.send(writeFrame("Here", {}));
    if (patience > this.pace.weak) this.#after("weak", this.pace.weak, () => this.#turn(WEAK));
    this.#after("dead", patience, () => this.#drop());
  }

  #lost(code) {
    if (OVER.has(code)) {
      this.close();
      this.ended(code);
      return;
    }
    this.#drop(LATER.get(code) ?? 0);
  }

  #drop(atLeast = 0) {
    this.#still();
    this.#forgetSocket();
    const wait = Math.max(atLeast, this.pace.retries[Math.min(this.failures, this.pace.retries.length - 1)]);
    this.failures += 1;
    this.#turn(GONE);
    // Spread out, so that a server that came back is not met by every page in the same instant.
    if (this.state === GONE) this.#after("call", wait * (0.75 + this.random() / 2), () => this.#call());
  }

  #turn(state) {
    if (state === this.state) return;
    this.state = state;
    this.changed(state);
  }

  #forgetSocket() {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close();
    } catch {
      // It was never open: there is nothing to close.
    }
  }

  #after(name, wait, act) {
    this.#cancel(name);
    this.timers.set(
      name,
      setTimeout(() => {
        this.timers.delete(name);
        act();
      }, wait),
    );
  }

  #cancel(name) {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }

  #still() {
    for (const name of [...this.timers.keys()]) this.#cancel(name);
  }
}

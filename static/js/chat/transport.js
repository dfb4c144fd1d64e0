// Chooses what carries the line: a socket where sockets work, questions where they do not, a socket again later.

// Sockets in a row that were never heard or soon cut off, after which questions are asked instead.
const BREAKS = 2;
// Milliseconds: a socket that lived so long works, whatever broke it.
export const TRIAL = { lived: 90000, again: 300000 };

export class Transport {
  // socket() -> a new WebSocket, or null in a browser without; poll() -> a line that asks; again(): a socket was
  // opened beside it, so calling anew is worth it.
  constructor({ socket, poll, again, trial = TRIAL, now = Date.now }) {
    Object.assign(this, { socket, poll, again, trial, now });
    this.breaks = 0;
    this.pause = trial.again;
    this.last = null;
  }

  // The next line to try. Whoever uses it sets `wasHeard` on it when the server answered.
  open() {
    this._judge();
    const usesSocket = this.socket && this.breaks < BREAKS;
    this.last = { usesSocket, began: this.now(), line: null };
    if (!usesSocket && this.socket) this._tryLater();
    this.last.line = usesSocket ? this.socket() : this.poll();
    return this.last.line;
  }

  stop() {
    clearTimeout(this.timer);
    this.last = null;
  }

  _judge() {
    const { last } = this;
    this.stop();
    if (!last) return;
    const wasHeard = last.line && last.line.wasHeard;
    if (last.usesSocket) this.breaks = wasHeard && this.now() - last.began >= this.trial.lived ? 0 : this.breaks + 1;
    // Where asking does not work either it was the network, not the sockets.
    else if (!wasHeard) this.breaks = 0;
  }

  // Opens a socket beside the questions, sends nothing over it, and tells when one came about.
  _tryLater() {
    this.timer = setTimeout(() => {
      this.pause *= 2;
      this._tryLater();
      try {
        const tried = this.socket();
        tried.onopen = () => {
          tried.close();
          // It may pass the handshake and nothing else: one more break is enough this time.
          this.breaks = BREAKS - 1;
          this.again();
        };
      } catch (error) {
        // Not now either.
      }
    }, this.pause);
  }
}

// A line without a socket, to be used like one: asks again and again what is new, and brings what is said in its order.

import { ask } from "../lib/ask.js";
import { SUBPROTOCOLS } from "./protocol.js";

// Milliseconds beyond the wait that was asked for: the slowest lines take many seconds both ways.
const SLACK = 20000;
// Characters of what is said in one request; a longer frame goes alone.
const MOST = 8000;
// Not worth a request: what stands on the page is told by the next question.
const LIGHT = /^\{"type":"(Typing|Seen)"/;
const CUT = 1006;
// Seconds: what waits longer is cut off by some networks.
const SHORT = 20;

export class PollLine {
  // address: what questions and words are posted under; hello() -> the text of a Resume; wait: seconds the server
  // may keep a question open.
  constructor({ address, hello, wait }) {
    Object.assign(this, { address, hello, wait });
    // An open question shows that the page lives: no beat goes beside it.
    this.keepsBeat = true;
    // It has no handshake to agree on a version in; the page and what answers it come from the same house.
    this.protocol = SUBPROTOCOLS[0];
    this.queue = [];
    // What the server said last of place and line; given back, so that only a change is told.
    this.known = "";
    this.stops = {};
    // Like a socket: whoever opened it first says what to call.
    const timer = setTimeout(() => this._hear(0));
    this.stops.hear = () => clearTimeout(timer);
  }

  send(frame) {
    if (LIGHT.test(frame)) return;
    this.queue.push(frame);
    this._say();
  }

  close() {
    this.onmessage = this.onclose = null;
    for (const stop of Object.values(this.stops)) if (stop) stop();
    this.stops = {};
  }

  _hear(wait) {
    this._post("hear", `"wait":${wait},"known":"${this.known}"`, wait * 1000, () => this._hear(this.wait));
  }

  // One request at a time, so that words arrive in their order; what is written meanwhile goes together.
  _say() {
    if (this.stops.say || !this.queue.length) return;
    let size = 0;
    const said = [];
    while (this.queue.length && (!size || size + this.queue[0].length < MOST)) {
      size += this.queue[0].length;
      said.push(this.queue.shift());
    }
    this._post("say", `"said":[${said}]`, 0, () => this._say());
  }

  _post(what, asked, wait, then) {
    const body = `{"resume":${this.hello()},${asked}}`;
    this.stops[what] = ask(`${this.address}/${what}`, body, wait + SLACK, (status, text) => {
      this.stops[what] = null;
      let answer = null;
      try {
        answer = JSON.parse(text);
      } catch (error) {
        // Cut off, or not ours: below.
      }
      const told = status === 200 && answer && answer.told;
      if (status === 0 && wait > SHORT * 1000) {
        // It may only have waited too long for something on the way. If the line is gone, the next question tells.
        this.wait = SHORT;
        then();
        return;
      }
      if (!told) {
        // A refusal by the house has a code of its own, one by a busy door the code near its status.
        this._close((answer && answer.closed) || (status === 503 || status === 429 ? 4000 + status : CUT));
        return;
      }
      if (what === "hear") this.known = answer.known;
      this.protocol = answer.line;
      for (const frame of told) if (this.onmessage) this.onmessage({ data: JSON.stringify(frame) });
      if (this.onclose) then();
    });
  }

  _close(code) {
    const { onclose } = this;
    this.close();
    if (onclose) onclose({ code });
  }
}

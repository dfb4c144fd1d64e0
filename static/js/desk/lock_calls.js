// What calls at a locked desk: how many wait, and how many messages came, in a line of text, the title and a tone.

import { Words } from "../chat/words.js";

export class LockCalls {
  // shown: where it stands, with its words; alarm: what rings.
  constructor({ shown, alarm }) {
    Object.assign(this, { shown, alarm, words: new Words(shown, document.documentElement.lang) });
    this.waiting = this.calls = this.unread = 0;
  }

  told({ waiting, calls, words }) {
    this.waiting = waiting;
    this.calls = calls;
    this.unread = words;
    this.look();
  }

  look() {
    const said = [
      this.calls ? this.words.say("noticeCall") : "",
      this.waiting ? this.words.say("waiting", { n: this.waiting }) : "",
      this.unread ? this.words.say("words", { n: this.unread }) : "",
    ];
    const text = said.filter(Boolean).join(" · ");
    this.shown.hidden = !text;
    // Only what changed: each writing of a status is read out.
    if (this.shown.textContent !== text) this.shown.textContent = text;
    const rows = Array.from({ length: this.waiting }, (_, at) => ({ conversation: `waits ${at}` }));
    const calls = Array.from({ length: this.calls }, (_, at) => ({ call: `calls ${at}` }));
    this.alarm.look({ rows, calls, unread: this.unread, now: Date.now() });
  }

  forget() {
    this.waiting = this.calls = this.unread = 0;
  }
}

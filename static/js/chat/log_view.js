// Draws the words of one conversation, in order, and moves the page only when that takes nothing away.

// Pixels from the foot that still count as "reading the newest".
const NEAR_END = 80;

export class LogView {
  // list: the <ol>; scroller: what scrolls; newer: the "New messages" button; onRetry(): a failed message was tapped.
  constructor({ list, scroller, newer, words, onRetry }) {
    Object.assign(this, { list, scroller, newer, words, onRetry });
    // Entry -> <li>.
    this.drawn = new Map();
    newer.addEventListener("click", () => this.toEnd());
    scroller.addEventListener("scroll", () => {
      if (this.isAtEnd) newer.hidden = true;
    });
  }

  get isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  // Draws the entry before the one it precedes. `by`: a name to show, or null for our own words; `more`: what stands
  // under the words.
  add(entry, before, { kind, by = null, more = "" }) {
    const item = document.createElement("li");
    item.className = `bubble bubble-${kind}`;
    if (by) item.append(this._line("bubble-by", by));
    const words = this._line("bubble-words", entry.text);
    words.dir = "auto";
    item.append(words, more);
    this.drawn.set(entry, item);
    this._place(item, before, kind === "own");
  }

  remove(entry) {
    const item = this.drawn.get(entry);
    this.drawn.delete(entry);
    if (item) item.remove();
  }

  // A line of the house itself between the bubbles.
  note(text) {
    const item = document.createElement("li");
    item.className = "log-note";
    item.textContent = text;
    this._place(item, null, false);
    return item;
  }

  // Puts an entry where its number wants it; nothing moves when it stands there already.
  settle(entry, next) {
    const item = this.drawn.get(entry);
    const place = next ? this.drawn.get(next) || null : null;
    if (item && next && item.nextElementSibling !== place) this.list.insertBefore(item, place);
  }

  // state: "sending", "received" or "not-sent".
  mark(entry, state) {
    const item = this.drawn.get(entry);
    if (!item || item.dataset.sent === state) return;
    const stay = this.isAtEnd;
    item.dataset.sent = state;
    const was = item.querySelector(".bubble-state");
    if (was) was.remove();
    if (state === "not-sent") {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "bubble-state";
      again.textContent = this.words.say("notSent");
      again.addEventListener("click", () => this.onRetry());
      item.append(again);
    } else {
      item.append(this._line("bubble-state", this.words.say(state)));
    }
    if (stay) this.toEnd();
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.newer.hidden = true;
  }

  clear() {
    this.drawn.clear();
    this.list.textContent = "";
    this.newer.hidden = true;
  }

  _line(name, text) {
    const line = document.createElement("p");
    line.className = name;
    line.textContent = text;
    return line;
  }

  _place(item, before, isOwn) {
    const stay = this.isAtEnd || isOwn;
    this.list.insertBefore(item, (before && this.drawn.get(before)) || null);
    if (stay) {
      const next = this.list.nextElementSibling;
      if (next && !next.hidden) item.scrollIntoView({ block: "nearest" });
      else this.toEnd();
    } else {
      this.newer.hidden = false;
    }
  }
}

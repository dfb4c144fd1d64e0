// Keeps one conversation's words in the order the server numbered them, each exactly once.

export class Transcript {
  constructor() {
    // Numbered ones by number, then our own still unnumbered ones in the order they were written.
    this.entries = [];
    this.byKey = new Map();
    this.bySeq = new Map();
    // Everything up to here has been seen: what a Resume asks to be continued from.
    this.last = 0;
  }

  // Our own words, drawn before the server has them.
  write(key, text) {
    const entry = { key, text, author: null, name: null, seq: null };
    this.byKey.set(key, entry);
    this.entries.push(entry);
    return entry;
  }

  // Our words got their number. Returns the entry, or null when nothing changed.
  accept(key, seq) {
    const entry = this.byKey.get(key);
    if (!entry || entry.seq !== null) return null;
    this._number(entry, seq);
    return entry;
  }

  // Anything the server numbered. Returns the entry when it is new to us, or null when it was seen before.
  post({ seq, author, name = null, text = "", key = null }) {
    if (this.bySeq.has(seq)) return null;
    const ours = key === null ? undefined : this.byKey.get(key);
    if (ours && ours.seq === null) {
      ours.author = author;
      this._number(ours, seq);
      return null;
    }
    const entry = { key, text, author, name, seq: null };
    if (key !== null) this.byKey.set(key, entry);
    this.entries.push(entry);
    this._number(entry, seq);
    return entry;
  }

  // A numbered fact that is not words (somebody joined, the talk was closed). True when it is new.
  mark(seq) {
    if (this.bySeq.has(seq)) return false;
    this.bySeq.set(seq, null);
    this._advance();
    return true;
  }

  // Words that were taken back: the number stays, the words go. Returns the entry that is to leave the page, or null.
  withdraw(seq) {
    const entry = this.bySeq.get(seq) || null;
    this.bySeq.set(seq, null);
    if (entry) {
      this.byKey.delete(entry.key);
      this.entries.splice(this.entries.indexOf(entry), 1);
    }
    this._advance();
    return entry;
  }

  // The entry that stands after this one, or null: where a page puts it.
  after(entry) {
    return this.entries[this.entries.indexOf(entry) + 1] || null;
  }

  // True when a number is missing between what was seen: the page must ask again from `last`.
  get hasGap() {
    for (const seq of this.bySeq.keys()) if (seq > this.last) return true;
    return false;
  }

  forget() {
    this.entries = [];
    this.byKey.clear();
    this.bySeq.clear();
    this.last = 0;
  }

  _number(entry, seq) {
    entry.seq = seq;
    this.bySeq.set(seq, entry);
    this.entries.splice(this.entries.indexOf(entry), 1);
    let place = this.entries.length;
    while (place > 0 && (this.entries[place - 1].seq || Infinity) > seq) place -= 1;
    this.entries.splice(place, 0, entry);
    this._advance();
  }

  _advance() {
    while (this.bySeq.has(this.last + 1)) this.last += 1;
  }
}

// Holds our words until the server says it has them: in order, under the same key, however often the line drops.

export const SENDING = "sending";
export const RECEIVED = "received";
export const NOT_SENT = "not-sent";

// After this long without an answer the page says so. The words are still sent by themselves when the line is back.
const PATIENCE = 12000;

export class Outbox {
  constructor(patience = PATIENCE) {
    this.patience = patience;
    // Key -> {key, fields, state, since}, in the order written.
    this.waiting = new Map();
  }

  add(key, fields, now) {
    const entry = { key, fields, state: SENDING, since: now, final: false };
    this.waiting.set(key, entry);
    return entry;
  }

  // The server has it: nothing more to do. True when it was ours and still waiting.
  accepted(key) {
    return this.waiting.delete(key);
  }

  // The server will not take it, however often it is asked.
  refused(key) {
    const entry = this.waiting.get(key);
    if (!entry) return null;
    entry.state = NOT_SENT;
    entry.final = true;
    return entry;
  }

  // The server asked us to slow down: it goes again, in its turn.
  hold(key, now) {
    const entry = this.waiting.get(key);
    if (!entry) return null;
    entry.state = SENDING;
    entry.since = now;
    return entry;
  }

  // What must go out again, in the order it was written: after a Resume, or when somebody tapped "try again".
  unsent(now) {
    const entries = [...this.waiting.values()].filter((entry) => !entry.final);
    for (const entry of entries) {
      entry.state = SENDING;
      entry.since = now;
    }
    return entries;
  }

  // Which entries have just run out of patience; each is named once.
  overdue(now) {
    const late = [...this.waiting.values()].filter(
      (entry) => entry.state === SENDING && now - entry.since >= this.patience,
    );
    for (const entry of late) entry.state = NOT_SENT;
    return late;
  }

  forget() {
    this.waiting.clear();
  }
}

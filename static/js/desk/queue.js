// Keeps who is waiting, as the server last said it, and says how old that is.

export class Queue {
  constructor() {
    this.rows = [];
    // What colleagues offer.
    this.offers = [];
    // What they hold, for whoever may read along.
    this.watchable = [];
    // Who is called for, as far as this desk is told.
    this.calls = [];
    // Who takes conversations now, and what each of them speaks.
    this.onDuty = [];
    this.onCall = "";
    this.isReached = null;
    // Of what earlier shifts left, as much as she has not read.
    this.notes = 0;
    this.total = 0;
    this.ready = false;
    this.shift = "";
    this.isLast = false;
    this.capacity = 0;
    this.held = 0;
    this.door = "";
    this.doorUntil = "";
    this.isSurge = false;
    // Rows of heaps that somebody looks into: an open heap stays open while its rows come and go.
    this.looked = new Set();
    this.heardAt = null;
  }

  // The whole queue, next first: what it replaces is forgotten, so nothing missed can stay wrong.
  snapshot(told, now) {
    const { waiting, total, ready, capacity, mine, shift, surge = false, offers = [], watchable = [], calls = [] } = told;
    const { door = "", door_until: doorUntil = "" } = told;
    this.rows = waiting;
    Object.assign(this, { offers, watchable, calls, onDuty: told.on_duty ?? [], onCall: told.on_call ?? "", isReached: told.reached ?? null, notes: told.notes ?? 0 });
    this.total = total;
    this.ready = ready;
    this.shift = shift ?? "";
    this.isLast = told.last ?? false;
    this.capacity = capacity;
    Object.assign(this, { door, doorUntil, isSurge: surge });
    this.looked = new Set(waiting.flatMap((row) => (this.isOpen(row) ? this.#heap(row) : [])));
    this.held = mine.filter(({ state }) => state !== "ended").length;
    this.heardAt = now;
  }

  forget() {
    Object.assign(this, { rows: [], offers: [], watchable: [], calls: [], onDuty: [], total: 0, held: 0, heardAt: null });
  }

  // The rows under a row that began alike, as far as they were told: those of one heap, after the first of it. Whoever
  // is drawn stands apart, above all of them.
  under(row) {
    const rows = this.rows.filter((other) => row.heap && other.heap === row.heap && !other.lot);
    return rows[0] === row ? rows.slice(1) : [];
  }

  // Whether this row is folded away under the first of its heap.
  isUnder(row) {
    return Boolean(row.heap) && !row.lot && this.rows.some((other) => this.under(other).includes(row));
  }

  isOpen(row) {
    return this.#heap(row).some((conversation) => this.looked.has(conversation));
  }

  // Look into the heap of this row, or fold it again.
  turn(row) {
    const heap = this.#heap(row);
    const isOpen = this.isOpen(row);
    for (const conversation of heap) this.looked[isOpen ? "delete" : "add"](conversation);
  }

  #heap(row) {
    return this.rows.filter(({ heap }) => heap && heap === row.heap).map(({ conversation }) => conversation);
  }

  // For how many seconds more this row is offered to some people before all others; 0: to everybody.
  firstFor(row, now) {
    return row.first ? Math.max(0, Math.ceil(row.first_s - (now - this.heardAt) / 1000)) : 0;
  }

  // Whether it is for others first, who speak its language, or whom she asked for.
  isForOthers(row, now) {
    return row.first === "others" && this.firstFor(row, now) > 0;
  }

  // The rows that are for this desk now, next first.
  mine(now) {
    return this.rows.filter((row) => !this.isForOthers(row, now));
  }

  // The names of those on duty who speak it.
  speakers(language) {
    return this.onDuty.filter(({ languages }) => languages.includes(language)).map(({ name }) => name);
  }

  // The names of those on duty who know Indigenous communities.
  get kin() {
    return this.onDuty.filter(({ kin }) => kin).map(({ name }) => name);
  }

  // Seconds this row has waited by now: the clock goes on between two snapshots.
  waited(row, now) {
    return row.waited_s + (now - this.heardAt) / 1000;
  }

  // Seconds this call has been open by now.
  lasted(call, now) {
    return call.since_s + (now - this.heardAt) / 1000;
  }

  // Seconds since the last snapshot; null before the first.
  age(now) {
    return this.heardAt === null ? null : Math.floor((now - this.heardAt) / 1000);
  }
}

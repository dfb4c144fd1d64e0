// Keeps who is waiting, as the server last said it, and says how old that is.

export class Queue {
  constructor() {
    this.rows = [];
    this.total = 0;
    this.ready = false;
    this.shift = "";
    this.capacity = 0;
    this.held = 0;
    this.door = "";
    this.doorUntil = "";
    this.heardAt = null;
  }

  // The whole queue, next first: what it replaces is forgotten, so nothing missed can stay wrong.
  snapshot({ waiting, total, ready, capacity, mine, shift, door = "", door_until: doorUntil = "" }, now) {
    this.rows = waiting;
    this.total = total;
    this.ready = ready;
    this.shift = shift ?? "";
    this.capacity = capacity;
    Object.assign(this, { door, doorUntil });
    this.held = mine.filter(({ state }) => state !== "ended").length;
    this.heardAt = now;
  }

  // Seconds this row has waited by now: the clock goes on between two snapshots.
  waited(row, now) {
    return row.waited_s + (now - this.heardAt) / 1000;
  }

  // Seconds since the last snapshot; null before the first.
  age(now) {
    return this.heardAt === null ? null : Math.floor((now - this.heardAt) / 1000);
  }
}

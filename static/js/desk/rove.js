// A list is one stop of the Tab key: arrows go from row to row, Home and End to its ends.

export class Rove {
  // list: can take the focus itself; rows() -> those that show, first to last; of(row) -> its controls, the main one first.
  constructor({ list, rows, of }) {
    Object.assign(this, { list, rows, of });
    this.row = null;
    list.addEventListener("keydown", (event) => this.#walk(event));
    list.addEventListener("focusin", ({ target }) => this.#stand(this.rows().find((row) => row.contains(target))));
  }

  // draw(): whatever changes the rows. Whoever stood on one that is gone stands on the list itself: a press that was
  // meant for one person is never taken for another.
  keep(draw) {
    const stood = this.list.contains(document.activeElement) ? document.activeElement : null;
    draw();
    this.settle();
    if (!stood || this.list.contains(document.activeElement)) return;
    (stood.isConnected && stood.checkVisibility?.() !== false ? stood : this.list).focus();
  }

  // One row is a stop: the one she was on, or the first.
  settle() {
    const rows = this.rows();
    this.#stand(rows.includes(this.row) ? this.row : rows[0]);
  }

  // To the main control of a row, by default of the first; to the list itself where there is none.
  enter(row = this.rows()[0]) {
    if (row) this.#stand(row);
    (row ? this.of(row)[0] : this.list).focus();
  }

  step(by) {
    const rows = this.rows();
    const stands = rows.findIndex((row) => row.contains(document.activeElement));
    const place = stands < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(stands + by, 0), rows.length - 1);
    if (rows[place]) this.enter(rows[place]);
  }

  #stand(row) {
    if (!row) return;
    this.row = row;
    for (const each of this.rows()) for (const control of this.of(each)) control.tabIndex = each === row ? 0 : -1;
  }

  #walk(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!by) return;
    event.preventDefault();
    this.step(by);
  }
}

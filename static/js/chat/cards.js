// Question cards: what can be tapped stands under the words, and the latest answer is marked there.

export class Cards {
  // tap(seq, choice, words) is called for each tap; the latest counts.
  constructor({ tap }) {
    this.tap = tap;
    // Number of a card -> its row.
    this.rows = new Map();
  }

  row(seq, choices) {
    const row = document.createElement("div");
    row.className = "taps";
    for (const [choice, words] of choices) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "tap", value: choice, textContent: words });
      button.addEventListener("click", () => this.tap(seq, choice, words));
      row.append(button);
    }
    this.rows.set(seq, row);
    return row;
  }

  mark(seq, choice) {
    const row = this.rows.get(seq);
    if (row) for (const button of row.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === choice));
  }
}

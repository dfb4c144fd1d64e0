// Brings the long notice into the waiting room when she asks for it: its words only, from the page that holds them.

export class LongNotice {
  constructor({ element, words }) {
    Object.assign(this, { element, words });
    this.list = element.querySelector("dl");
    element.addEventListener("toggle", () => {
      if (element.open && !this.list.children.length) this.#bring();
    });
  }

  async #bring() {
    try {
      const answer = await fetch(this.element.dataset.from, { credentials: "omit" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const told of page.querySelectorAll(".told")) {
        const row = this.list.appendChild(document.createElement("div"));
        for (const name of ["dt", "dd"]) {
          row.appendChild(document.createElement(name)).textContent = told.querySelector(name).textContent;
        }
      }
    } catch {
      this.element.open = false;
      this.element.querySelector("summary").append(` · ${this.words.say("lineGone")}`);
    }
  }
}

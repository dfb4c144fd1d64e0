// At the foot of the queue: what a caller says on the phone opens the conversation it belongs to.

export class PhoneWord {
  // use(word) -> true when it went out.
  constructor({ field, button, use }) {
    Object.assign(this, { field, use });
    button.addEventListener("click", () => this.#use());
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.#use();
    });
  }

  #use() {
    const word = this.field.value.trim();
    if (word && this.use(word)) this.field.value = "";
  }
}

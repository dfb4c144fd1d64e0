// Asks why somebody is taken before one who has waited longer; the reason goes out with the take.

export class OutOfTurn {
  // take(conversation, why) is called for a reason; nothing is taken before one was pressed.
  constructor({ box, take }) {
    Object.assign(this, { box, take });
    this.conversation = null;
    box.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      const { conversation } = this;
      this.close();
      if (button.value) this.take(conversation, button.value);
    });
  }

  ask(conversation) {
    this.conversation = conversation;
    this.box.hidden = false;
    this.box.querySelector("button").focus();
  }

  // A row that has gone needs no reason any more.
  keepOnly(conversations) {
    if (this.conversation && !conversations.includes(this.conversation)) this.close();
  }

  close() {
    this.conversation = null;
    this.box.hidden = true;
  }
}

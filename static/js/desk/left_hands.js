// Says of conversations that left this desk by a broken line who has them now.

import { Words } from "../chat/words.js";

export class LeftHands {
  // tell(text): one line above the queue.
  constructor({ words, tell }) {
    Object.assign(this, { words, tell });
    // Conversation -> {name, text}. A laptop that slept has several.
    this.left = new Map();
  }

  // How one is called that is no longer on the page.
  nameOf(conversation) {
    const known = this.left.get(conversation);
    return known ? known.name : this.words.say("noName");
  }

  // by: the alias of whoever has it, empty while it waits again.
  told(conversation, name, by) {
    const text = this.words.say(by ? "hasNow" : "waitsAgain", { name: Words.apart(by), person: name });
    this.left.set(conversation, { name, text });
    this.tell([...this.left.values()].map((each) => each.text).join(" "));
  }

  forget() {
    this.left.clear();
  }
}

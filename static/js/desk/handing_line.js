// What the desk says where a conversation goes from hand to hand, others read or write along, or a call is heard.

import { newKey } from "../chat/protocol.js";

// Milliseconds between two words of how far she has read.
const LOOKED_EVERY = 3000;

export class HandingLine {
  // line: the DeskLine; send(type, fields) goes out now or never, keep(type, frame) until the server has it.
  constructor({ line, send, keep }) {
    Object.assign(this, { line, send, keep });
    this.lookedAt = 0;
  }

  colleagues(talk) {
    this.send("AskColleagues", { key: newKey(), conversation: talk.id });
  }

  // to: a colleague, or empty for whoever is ready. The note stays with the conversation.
  handOff(talk, to, note) {
    const key = newKey();
    this.line.view.noted(talk, talk.notes.write(key, note), null);
    this.keep("HandOff", { key, conversation: talk.id, to, note });
  }

  // A word for whoever answers the phone.
  phoneWord(talk, note) {
    const key = newKey();
    this.line.view.noted(talk, talk.notes.write(key, note), null);
    this.keep("PhoneWord", { key, conversation: talk.id, note });
  }

  // What was heard on the phone.
  useWord(word) {
    const key = newKey();
    this.line.asked.set(key, "");
    return this.send("UseWord", { key, word });
  }

  watch(conversation) {
    const key = newKey();
    this.line.asked.set(key, conversation);
    this.send("Watch", { key, conversation });
  }

  join(talk) {
    const key = newKey();
    this.line.asked.set(key, talk.id);
    this.send("Join", { key, conversation: talk.id });
  }

  // as: what for. Her page gets a card; what is refused is told.
  askGuest(talk, person, as) {
    this.keep("AskGuest", { key: newKey(), conversation: talk.id, person, come_as: as });
  }

  sendAway(talk) {
    this.send("SendAway", { key: newKey(), conversation: talk.id });
  }

  comeIn(conversation) {
    const key = newKey();
    this.line.asked.set(key, conversation);
    this.send("ComeIn", { key, conversation });
  }

  stopWatching(talk) {
    this.send("StopWatching", { key: newKey(), conversation: talk.id });
  }

  // From one who reads along, to the one who holds it.
  whisper(talk, text) {
    const key = newKey();
    this.line.view.noted(talk, talk.notes.write(key, text), null);
    this.keep("Whisper", { key, conversation: talk.id, text });
  }

  // She has it: nobody else is called for it.
  sayYes(call) {
    const key = newKey();
    this.line.asked.set(key, "");
    this.send("SayYes", { key, call });
  }

  // What the server tells of these, for the line's own table.
  hears(frame, talk) {
    return {
      Colleagues: () => this.line.view.colleagues(talk, frame.ready),
      PhoneWordMade: () => {
        this.line.outbox.accepted(frame.key);
        talk.phoneWord = frame.word;
        this.line.view.changed(talk);
      },
    };
  }

  // These are pressed again if they were lost on the way: what they change stands on the page.
  keepHere(talk) {
    this.send("KeepHere", { key: newKey(), conversation: talk.id });
  }

  decline(conversation) {
    this.send("Decline", { key: newKey(), conversation });
  }

  takeOver(conversation) {
    const key = newKey();
    this.line.asked.set(key, conversation);
    this.send("TakeOver", { key, conversation });
  }

  // To have it next: all that has been said stands on this page. Said again for whatever comes meanwhile.
  shown(talk) {
    const { last, hasGap } = talk.transcript;
    if (hasGap || last < talk.upTo || last === talk.shownUpTo) return;
    talk.shownUpTo = last;
    this.send("HistoryShown", { key: newKey(), conversation: talk.id, seq: last });
  }

  // How far the offers of this desk have come.
  snapshot(mine) {
    for (const { conversation, offer = "", to = "", read = 0 } of mine) {
      const talk = this.line.talks.get(conversation);
      if (!talk) continue;
      Object.assign(talk, { offer, offeredTo: to });
      talk.readElsewhere(read);
    }
  }

  // She looks at this conversation now: her other windows, and another device, count nothing of it as new.
  looks(talk, now) {
    const { last } = talk.transcript;
    if (talk.role !== "owner" || last <= talk.readUpTo || now - this.lookedAt < LOOKED_EVERY) return;
    if (this.send("Looked", { key: newKey(), conversation: talk.id, seq: last })) {
      talk.readUpTo = last;
      this.lookedAt = now;
    }
  }
}

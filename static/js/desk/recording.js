// The record of one conversation beside it, once it is over: fetched with what is known, kept by one press or twelve.

import { RecordForm } from "./record.js";

const LIMIT = 8000;
const DRAFT_AFTER = 1200;
const AGAIN = 5000;
// A press that was meant for words of hers, which the end took away, chooses nothing.
const QUIET_FOR = 1500;
// Before the words are gone: so long there is time for the rest.
const ASKS_BEFORE = 5 * 60 * 1000;

// A page of ours as a document; done(document, address), both empty when none came in time.
function askPage(address, body, done) {
  const request = new XMLHttpRequest();
  request.open(body ? "POST" : "GET", address);
  request.responseType = "document";
  request.timeout = LIMIT;
  request.onloadend = () => {
    const isThere = request.status >= 200 && request.status < 300 && request.response;
    const address = isThere ? new URL(request.responseURL) : { pathname: "", search: "" };
    done(isThere ? request.response : null, address.pathname, address.search);
  };
  request.send(body);
}

let pressedAt = 0;
document.addEventListener("keydown", () => (pressedAt = Date.now()), true);

export class Recording {
  // element: where it stands; tell(text): one line above the queue; isActive(): whether this conversation is looked at.
  constructor({ element, talk, words, tell, isActive }) {
    Object.assign(this, { element, talk, words, tell, isActive });
    this.form = null;
    this.isWaiting = false;
    this.isKept = this.isAsking = this.isAsked = this.isGone = this.isChanging = false;
    this.triedAt = 0;
    this.drafts = null;
    this.#at("record-change").addEventListener("click", () => this.#change());
  }

  get isOpen() {
    return Boolean(this.form) && !this.#isDone;
  }

  draw(now) {
    const { talk } = this;
    // Of practice nothing is kept, so no address stands there.
    const isMine = talk.isOver && talk.role === "owner" && !this.isGone && Boolean(this.element.dataset.address);
    this.element.hidden = !isMine;
    if (!isMine) return;
    if (!this.form && !this.#isDone) this.#fetch(now);
    const { form, isKept } = this;
    this.#at("record-form").hidden = !this.isOpen;
    this.#at("record-kept").hidden = !this.#isDone;
    this.#at("record-change").hidden = !(form && isKept);
    this.#comeIn(now);
    if (this.isOpen && !this.isAsked && talk.wipedAt && talk.wipedAt - now < ASKS_BEFORE) {
      this.isAsked = true;
      this.tell(this.words.say("recordAsk", { name: this.words.nameOf(talk) }));
    }
  }

  // By its key, from wherever she is.
  focus() {
    if (this.isOpen) this.form.focus();
  }

  wipe() {
    this.isGone = true;
    clearTimeout(this.drafts);
    this.form?.form.remove();
    this.form = null;
  }

  get #isDone() {
    return !this.isChanging && (this.isKept || Boolean(this.talk.card.recorded));
  }

  get #address() {
    return `${this.element.dataset.address}/${this.talk.id}`;
  }

  #fetch(now) {
    if (this.isAsking || now - this.triedAt < AGAIN) return;
    this.isAsking = true;
    this.triedAt = now;
    askPage(this.#address, null, (page) => {
      this.isAsking = false;
      this.#show(page);
    });
  }

  #show(page) {
    const form = page?.querySelector("[data-record]");
    if (!form || this.isGone) return;
    this.form?.form.remove();
    const made = document.adoptNode(form);
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#keep();
    });
    this.form = new RecordForm(made, {
      changed: () => this.#draft(),
      quick: () => {
        this.#keep();
        return true;
      },
    });
    this.#at("record-form").append(made);
    this.isWaiting = true;
    this.draw(Date.now());
  }

  // Once no key was pressed for a moment, and she stands on the words: whoever writes to somebody else goes on writing.
  #comeIn(now) {
    const { activeElement: stood, body } = document;
    const isOnWords = !stood || stood === body || stood.matches("[data-at=scroll]");
    if (!this.isWaiting || !this.isOpen || !this.isActive() || !isOnWords || now - pressedAt < QUIET_FOR) return;
    this.isWaiting = false;
    this.form.focus();
  }

  #draft() {
    clearTimeout(this.drafts);
    this.drafts = setTimeout(() => {
      if (!this.isOpen) return;
      const { body } = this.form;
      body.set("draft", "1");
      askPage(this.#address, body, () => {});
    }, DRAFT_AFTER);
  }

  #keep() {
    if (!this.form || this.isAsking) return;
    clearTimeout(this.drafts);
    this.isAsking = true;
    const { form } = this.form;
    const hadFocus = form.contains(document.activeElement);
    askPage(this.#address, this.form.body, (page, address, which) => {
      this.isAsking = false;
      if (this.isGone) return;
      if (address === form.dataset.kept) {
        // The page that makes a case of it: only whoever may has a link to it.
        const toCase = this.element.querySelector('[data-at="record-case"]');
        if (toCase) toCase.href = address + which;
        if (toCase) toCase.hidden = false;
        this.isKept = true;
        this.isChanging = false;
        this.draw(Date.now());
        if (hadFocus) this.#at("record-change").focus();
      } else if (address.startsWith(this.#address)) {
        this.#show(page);
        this.form.focus();
      } else {
        this.tell(this.words.say("recordNot"));
      }
    });
  }

  #change() {
    this.isChanging = true;
    this.draw(Date.now());
    this.focus();
  }

  #at(name) {
    return this.element.querySelector(`[data-at="${name}"]`);
  }
}

// The desk's lock on the page that holds conversations: no word stays here, and the passphrase brings them back.

const LOCKED = "/desk/locked";
const SIGN_IN = "/desk/signin";
const AGAIN = 2000;

const again = () => new Promise((done) => setTimeout(done, AGAIN));
// It goes out even if the page is left in the same moment.
const post = (path, fields) => fetch(path, { method: "POST", body: new URLSearchParams(fields), keepalive: true });

export class Lock {
  // at: an element by its id; calls: a LockCalls; windows: an OtherWindows; hide() takes every word off the page,
  // show() brings them back over a new line, over() is for a session that has ended.
  constructor({ at, calls, windows, hide, show, over }) {
    Object.assign(this, { at, calls, windows, hide, show, over });
    this.isLocked = this.isAsking = this.hasEnded = false;
    // Whether the house has said, or been told, that it is locked.
    this.isKnown = false;
    at("lock-press").addEventListener("submit", (event) => {
      event.preventDefault();
      this.lock();
      this.#press();
    });
    at("unlock").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#unlock();
    });
  }

  get csrf() {
    return document.querySelector("input[name=csrf]").value;
  }

  lock() {
    if (this.isLocked) return;
    this.isLocked = true;
    this.hide();
    this.#turn();
    this.#say("");
    this.at("f-passphrase").focus();
  }

  told(frame) {
    this.#known();
    this.lock();
    this.calls.told(frame);
  }

  // The line was closed for good. While the passphrase is looked at that may be the old session making room.
  ended() {
    if (this.isAsking) this.hasEnded = true;
    else this.over();
  }

  // The house knows: whatever another window asks for now is answered by the lock.
  #known() {
    if (this.isKnown) return;
    this.isKnown = true;
    this.windows.tellLocked();
  }

  // Until the house knows: without it a reload would open the desk.
  async #press() {
    while (this.isLocked && !this.isKnown) {
      try {
        const answer = await post("/desk/lock", { csrf: this.csrf });
        if (answer.ok) this.#known();
        else await again();
      } catch (error) {
        await again();
      }
    }
  }

  async #unlock() {
    const field = this.at("f-passphrase");
    const passphrase = field.value;
    field.value = "";
    if (this.isAsking || !passphrase) return;
    this.isAsking = true;
    this.#say(await this.#asked(passphrase));
    this.isAsking = false;
    if (this.hasEnded && this.isLocked) this.over();
    this.hasEnded = false;
  }

  // Why not, in words; empty when the desk is open again.
  async #asked(passphrase) {
    const { wrong, tooMany, later } = this.at("lock").dataset;
    try {
      const answer = await post("/desk/unlock", { csrf: this.csrf, passphrase });
      const page = await answer.text();
      const { pathname } = new URL(answer.url);
      if (pathname.startsWith(SIGN_IN)) {
        this.over();
        return "";
      }
      if (pathname.startsWith(LOCKED)) {
        const why = /data-why="([a-z_.]*)"/.exec(page)?.[1] ?? "";
        return { "desk.lock.wrong": wrong, "desk.error.too_many_tries": tooMany }[why] ?? later;
      }
      const token = /name="csrf" value="([\w-]+)"/.exec(page)?.[1];
      if (!answer.ok || !token) return later;
      this.#opened(token);
      return "";
    } catch (error) {
      return later;
    }
  }

  #opened(token) {
    for (const field of document.querySelectorAll("input[name=csrf]")) field.value = token;
    this.isLocked = this.isKnown = false;
    this.calls.forget();
    this.#turn();
    this.windows.tellOpened();
    this.show();
  }

  #turn() {
    document.body.classList.toggle("is-locked", this.isLocked);
    this.at("lock").hidden = !this.isLocked;
    this.at("chats").hidden = this.isLocked;
  }

  #say(why) {
    this.at("lock-why").hidden = !why;
    this.at("lock-why").firstElementChild.textContent = why;
    if (why) this.at("f-passphrase").focus();
  }
}

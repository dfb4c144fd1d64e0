// Covers the talk with a page about the kitchen when somebody comes near: its words leave the document, not only the sight.

export class Cover {
  // at(id): an element; talk: everything that shows words, and what leads back to them.
  constructor(at, talk) {
    Object.assign(this, { page: at("cover"), near: at("near"), talk, isOn: false, word: "" });
    Object.assign(talk, { asked: at("show-words"), ended: at("ended"), long: at("long") });
    this.main = this.page.parentNode;
    at("hide").addEventListener("click", () => this.isOn || this.on());
    // The rest of it asks whom it belongs to.
    document.addEventListener("page:cover", ({ detail }) => {
      detail.cover = this;
    });
  }

  // The rest, in a file of its own (later.js), once there is a line to bring it.
  bring() {
    if (this.rest) return;
    this.rest = document.createElement("script");
    this.rest.src = this.page.dataset.more;
    this.rest.onerror = () => {
      this.rest = null;
    };
    document.head.append(this.rest);
  }

  on() {
    const { announcer, column, conversation, log, more, wayBack } = this.talk;
    conversation.cover(true, this.word);
    announcer.forget();
    announcer.isQuiet = true;
    wayBack.hide();
    more.turn(false);
    log.clear();
    column.stop();
    this.kept = document.createDocumentFragment();
    // What was typed and not sent stays in its field, which is part of no document now.
    this.kept.append(...this.main.childNodes);
    this.was = location.href;
    this.turn(true, this.page.dataset.place);
    this.page.firstElementChild.focus();
  }

  // Loaded again, or come back to, the address shows the same innocent page; the way out only has another name.
  turn(isOn, address) {
    const { page } = this;
    const name = document.querySelector(".leave-in > span");
    this.isOn = isOn;
    this.main.append(page);
    page.hidden = !isOn;
    document.body.classList.toggle("measuring", isOn);
    [name.textContent, page.dataset.close] = [page.dataset.close, name.textContent];
    history.replaceState(null, "", address);
    scrollTo(0, 0);
  }
}

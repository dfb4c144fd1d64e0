// Sends a photo in pieces. Each counts once the server says that it is kept; after a lost line it goes on from there.
// Nothing of the photo is held here but the browser's own handle to it.

// Milliseconds.
const LATE = 90000;
const PAUSE = 3000;

class Picture {
  constructor(form) {
    this.form = form;
    this.told = form.querySelector("[data-told]");
    this.most = Number(form.dataset.most);
    this.piece = Number(form.dataset.piece);
    form.addEventListener("submit", (event) => this.begins(event));
    document.addEventListener("page:leaving", () => this.stops());
    addEventListener("pagehide", () => this.stops());
  }

  begins(event) {
    this.file = this.form.elements.f.files[0];
    event.preventDefault();
    if (this.isUnderWay) return;
    if (!this.file || this.file.size > this.most) {
      this.says(this.file ? "large" : "none");
      return;
    }
    this.isUnderWay = true;
    this.kept = 0;
    this.step("begin");
  }

  stops() {
    this.isUnderWay = false;
    clearTimeout(this.timer);
    if (this.request) this.request.abort();
  }

  // The server's own count is the only one that is believed.
  goesOn(answer) {
    if (answer.to) {
      location.replace(answer.to);
      return;
    }
    this.kept = answer.kept;
    const all = Math.ceil(this.file.size / this.piece);
    if (answer.ready || this.kept >= all) {
      this.says("draws");
      this.step("done");
      return;
    }
    this.says("here", Math.floor((100 * this.kept) / all));
    const at = this.kept * this.piece;
    this.step("piece", this.file.slice(at, at + this.piece));
  }

  step(what, body) {
    const request = new XMLHttpRequest();
    const { t, p, o } = this.form.elements;
    this.request = request;
    request.open("POST", this.form.action);
    request.timeout = LATE;
    const said = { "content-type": "application/octet-stream", "x-do": what, "x-t": t.value, "x-p": p.value };
    Object.assign(said, { "x-n": String(this.kept), "x-o": o.checked ? "1" : "" });
    for (const name of Object.keys(said)) request.setRequestHeader(name, said[name]);
    request.onloadend = () => this.hears(request);
    request.send(body || null);
  }

  hears(request) {
    if (!this.isUnderWay) return;
    if (request.status === 200) {
      this.goesOn(JSON.parse(request.responseText));
    } else if (request.status === 404) {
      // The visit is over, or no photos are taken any more.
      location.replace(this.form.dataset.back);
    } else {
      this.says("waits");
      this.timer = setTimeout(() => this.step("begin"), PAUSE);
    }
  }

  says(word, percent) {
    this.told.textContent = this.form.dataset[word].replace("{now}", percent);
  }
}

const form = document.querySelector("[data-component=picture]");
if (form) new Picture(form);

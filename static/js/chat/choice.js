// After a while without an answer: she may keep waiting, phone, or leave her words as a note. It asks again after as long.

// Milliseconds.
const LATE = 30000;

export class Choice {
  // left() answers what opens her talk and what was not sent yet; isWriting() whether something stands in her field.
  constructor({ form, heading, stay, ended, left, isWriting, announcer, going }) {
    Object.assign(this, { form, heading, stay, ended, left, isWriting, announcer, going });
    this.timer = null;
    // The page before had promised somebody free: she is asked at once.
    this.isLate = false;
    stay.addEventListener("click", () => this.waits(0));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._leave(this.filed || this.left());
    });
  }

  // She waits, and has waited so many seconds.
  waits(waited) {
    this.stop();
    const after = this.isLate ? 0 : this.form.dataset.after;
    this.isLate = false;
    this.timer = setTimeout(() => this._ask(), Math.max(0, after - waited) * 1000);
  }

  stop() {
    clearTimeout(this.timer);
    this.form.hidden = !this.filed;
  }

  // Under the same token her words are filed once, and every later time leads to the same number.
  _leave({ token, rest }) {
    if (this.form.hasAttribute("aria-busy")) return;
    this.form.setAttribute("aria-busy", "true");
    const fields = new URLSearchParams();
    fields.append("t", token || "");
    fields.append("rest", rest);
    const request = new XMLHttpRequest();
    request.open("POST", this.form.action);
    request.timeout = LATE;
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.onloadend = () => {
      this.form.removeAttribute("aria-busy");
      let told = {};
      try {
        told = JSON.parse(request.responseText);
      } catch (error) {
        // No line, or something between us and the server.
      }
      if (told.to) this._goes(told.to, token);
      else this._say();
    };
    request.send(`${fields}`);
  }

  // Only a note waits for her behind a cover. Where somebody took the talk meanwhile, it goes on in this page.
  _goes(to, token) {
    const [, , room, what] = to.split("/");
    if (room === "note") {
      this._files(token);
      this.going.to(to, () => this._leave(this.filed));
    } else if (what === "stay") this._say();
    else if (!this.going.isCovered()) location.replace(to);
  }

  // The talk is over with it: what leads to the number stands with the end.
  _files(token) {
    this.filed = { token, rest: "" };
    this.heading.hidden = true;
    const submit = this.form.querySelector("[type=submit]");
    // Every other way belongs to a talk that goes on.
    for (const way of submit.parentNode.children) way.hidden = way !== submit;
    this.ended.append(this.form);
    this.form.hidden = false;
  }

  // The words that a form without script shows, where one could not be sent.
  _say() {
    if (!this.said) this.said = this.form.appendChild(document.createElement("p"));
    this.said.className = "said";
    this.said.setAttribute("role", "alert");
    this.said.textContent = this.announcer.region.dataset.stuck;
  }

  _ask() {
    this.form.hidden = false;
    // Stopped for some hours it stands at once, and something else has said so.
    if (this.heading.hidden) return;
    this.announcer.say(this.heading.textContent);
    // Whoever is in the middle of a sentence is not moved away from it.
    if (!this.isWriting()) this.form.scrollIntoView({ block: "nearest" });
  }
}

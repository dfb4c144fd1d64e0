// Sends a form that counts once however often it is sent: the page stays until the house has it, and tries by itself.

// Milliseconds.
const LATE = 30000;
const FIRST = 2000;
const LONGEST = 30000;
const UNSEEN = 1000;
const STILL = 8000;

class Sending {
  constructor(form) {
    this.form = form;
    this.line = document.querySelector("[data-said]");
    this.pause = FIRST;
    form.addEventListener("input", () => {
      this.asksForMore();
      // Half a sentence is not sent while she goes on writing.
      if (this.timer) this.waits(STILL);
    });
    form.addEventListener("click", (event) => {
      this.pressed = event.target.closest("button");
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.pause = FIRST;
      if (!this.isOut) this.sends();
    });
    document.addEventListener("page:leaving", () => this.ends());
    // The fields are emptied then: what would be sent is nothing.
    addEventListener("pagehide", () => clearTimeout(this.timer));
  }

  // What is needed only once somebody writes comes then: the first view does not wait for it.
  asksForMore() {
    const { more } = this.form.dataset;
    if (!more) return;
    const script = document.createElement("script");
    delete this.form.dataset.more;
    script.src = more;
    script.onerror = () => {
      this.form.dataset.more = more;
    };
    document.head.appendChild(script);
  }

  ends() {
    this.isOut = true;
    clearTimeout(this.timer);
    if (this.request) this.request.abort();
  }

  sends() {
    clearTimeout(this.timer);
    this.timer = 0;
    const { form, pressed } = this, request = new XMLHttpRequest();
    this.isOut = true;
    form.setAttribute("aria-busy", "true");
    this.request = request;
    request.open("POST", form.action);
    request.timeout = LATE;
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.setRequestHeader("Accept", "application/json");
    request.onloadend = () => this.hears(request);
    request.send(written(form.elements, pressed));
  }

  hears(request) {
    const to = request.status === 200 && where(request.responseText);
    if (to) {
      location.replace(to);
      return;
    }
    this.isOut = false;
    this.form.removeAttribute("aria-busy");
    this.form.appendChild(this.line);
    this.line.textContent = this.form.dataset.again;
    this.line.classList.add("said");
    this.waits(this.pause);
    this.pause = Math.min(LONGEST, 1.5 * this.pause);
  }

  waits(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.triesAgain(), milliseconds);
  }

  // Not while nobody looks: what stands there next may be a number.
  triesAgain() {
    if (document.hidden) this.waits(UNSEEN);
    else this.sends();
  }
}

// Every field as a form without script would post it, and the button that was pressed.
function written(fields, pressed) {
  const said = [];
  for (const { name, type, value, checked } of fields) {
    const isLeftOut = /^(submit|button|fieldset)$/.test(type) || (/^(radio|checkbox)$/.test(type) && !checked);
    if (name && !isLeftOut) said.push([name, value]);
  }
  if (pressed && pressed.name) said.push([pressed.name, pressed.value]);
  return said.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
}

// Where the answer leads; nothing where it is no answer of the house, or one to ask for once more.
function where(text) {
  try {
    const { to, again } = JSON.parse(text);
    return again ? "" : to;
  } catch (error) {
    return "";
  }
}

for (const form of document.querySelectorAll("[data-again]")) new Sending(form);

// When a copy of what stands in the form goes to the house while somebody writes, and under which key: one that lives
// in this variable alone.

// Milliseconds.
const REST = 3000;
const NEXT = 8000;
// A watched line shows how long a post is: in letters, only in steps of this many.
const STEP = 512;

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

const isTicked = (field) => /^(radio|checkbox)$/.test(field.type);

// What was typed and tapped, by the names of the fields; several ticks of one name with a space between.
export function read(fields) {
  const said = {};
  for (const field of fields) {
    if (!field.name || /^(hidden|submit|button|fieldset)$/.test(field.type)) continue;
    if (isTicked(field) ? !field.checked : !field.value) continue;
    said[field.name] = said[field.name] ? `${said[field.name]} ${field.value}` : field.value;
  }
  return said;
}

export function write(fields, said) {
  for (const field of fields) {
    const text = said[field.name];
    if (text === undefined || field.type === "hidden") continue;
    if (isTicked(field)) field.checked = text.split(" ").indexOf(field.value) >= 0;
    else field.value = field.value ? `${text} ${field.value}` : text;
    const fold = text && field.closest("details");
    if (fold) fold.open = true;
  }
}

export class Draft {
  // fields(): those of the form; start: its start token; post(said, done): asks the house, done(answer or null) once;
  // show(word, act): what is said beside the field and what the tap there does; later: setTimeout.
  constructor({ fields, start, post, show, later = (act, pause) => setTimeout(act, pause), key = newKey }) {
    Object.assign(this, { fields, start, post, show, later, newKey: key, key: "", last: "" });
  }

  on() {
    this.key = this.newKey();
    this.last = "";
    this.rest = REST;
    this.show("soon", "off");
    this.typed();
  }

  // One post at a time, and a pause after each that is as long as a slow line needs.
  typed() {
    if (!this.key || this.waits || this.isAsking) return;
    this.waits = true;
    this.later(() => {
      this.waits = false;
      this.keep();
    }, this.rest);
  }

  keep() {
    // What was typed since she came back may not take the place of what waits to be shown.
    if (this.isHidden) return;
    const said = read(this.fields()), text = JSON.stringify(said), { key } = this;
    if (!key || this.isAsking || this.isLeft || text === this.last) return;
    if (text === "{}" && !this.last) return;
    const began = Date.now();
    this.isAsking = true;
    this.post({ d: key, k: this.start, f: said, p: " ".repeat(STEP - (text.length % STEP)) }, (answer) => {
      this.isAsking = false;
      if (key !== this.key) {
        // Switched off while it was under way: what arrived goes too.
        this.post({ d: key, do: "off" }, () => {});
        return;
      }
      const isKept = Boolean(answer && answer.kept);
      this.last = isKept ? text : "";
      this.rest = Math.max(NEXT, 3 * (Date.now() - began));
      this.show(isKept ? "kept" : "soon", "off");
      if (!isKept || JSON.stringify(read(this.fields())) !== text) this.typed();
    });
  }

  off() {
    const key = this.ends();
    this.show("none", "on");
    if (key) this.post({ d: key, do: "off" }, () => {});
  }

  // The key is forgotten here; whoever asked for it sees to the copy.
  ends() {
    const { key } = this;
    this.key = "";
    return key;
  }

  // The page was put aside with its fields emptied, and stands again: its words come back by a tap, not by themselves.
  isBack() {
    this.isLeft = false;
    this.isHidden = Boolean(this.key && this.last);
    if (this.isHidden) this.show("back", "back");
  }

  back() {
    this.show("kept", "off");
    this.isHidden = false;
    this.post({ d: this.key, do: "back" }, (answer) => {
      if (answer && answer.kept) write(this.fields(), answer.f);
      else this.show("soon", "off");
    });
  }

  // The page goes. What nobody can ask for any more is not kept; a page put aside may still ask.
  leaves(isPutAside) {
    const said = read(this.fields()), text = JSON.stringify(said), { key, start } = this;
    this.isLeft = true;
    if (!key) return;
    if (!isPutAside) {
      this.post({ d: key, do: "off" }, () => {});
    } else if (!this.isHidden && text !== "{}" && text !== this.last) {
      this.last = text;
      this.post({ d: key, k: start, f: said }, () => {});
    }
  }
}

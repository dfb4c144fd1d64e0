// The form of a record by its keys: the digit beside a choice takes it and goes on, Enter leaves a field as it stands.

// By the place of the key: on a French keyboard the digits of the upper row are behind Shift.
const PRESS = /^(?:Digit|Numpad)([0-9])$/;
const OTHERS = { Minus: "-", NumpadSubtract: "-", Period: ".", NumpadDecimal: "." };

const pressed = ({ code, key }) => PRESS.exec(code)?.[1] ?? OTHERS[code] ?? (/^[0-9.-]$/.test(key) ? key : "");

export class RecordForm {
  // changed() hears of each choice; quick(): true where it was kept by that choice alone, as no case.
  constructor(form, { changed = () => {}, quick = () => false } = {}) {
    Object.assign(this, { form, quick });
    this.fields = [...form.querySelectorAll("[data-field]")];
    form.addEventListener("keydown", (event) => this.#key(event));
    form.addEventListener("change", () => changed());
    form.addEventListener("input", ({ target }) => target.name === "line" && changed());
  }

  // At the first field, or at what has to be mended.
  focus() {
    const wrong = this.form.querySelector("[aria-invalid]") ?? this.form.querySelector("[data-wrongs]");
    if (wrong) wrong.focus();
    else this.#stop(this.fields[0]);
  }

  get body() {
    return new URLSearchParams(new FormData(this.form));
  }

  #key(event) {
    const field = event.target.closest("[data-field]");
    if (!field || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && field.dataset.field !== "line") {
      event.preventDefault();
      this.#on(field);
      return;
    }
    const press = pressed(event);
    const choice = press && field.localName === "fieldset" && field.querySelector(`[data-press="${press}"]`);
    if (!choice) return;
    event.preventDefault();
    this.#choose(field, choice);
  }

  #choose(field, choice) {
    const isOne = choice.type === "radio";
    choice.checked = isOne || !choice.checked;
    choice.focus();
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    const isNoCase = field.dataset.field === "case" && choice.value === "none";
    if (isNoCase && this.quick()) return;
    if (isOne) this.#on(field);
  }

  #on(field) {
    const next = this.fields[this.fields.indexOf(field) + 1];
    if (next) this.#stop(next);
  }

  #stop(field) {
    const stop = field.querySelector("input:checked") ?? field.querySelector("select, input");
    stop.focus();
    field.scrollIntoView({ block: "nearest" });
  }
}

// The list of keys: opened by "?" or its link, shut by Escape; the focus goes back to where it was.

export class KeysPanel {
  constructor({ panel, link, shut }) {
    Object.assign(this, { panel, link });
    this.from = null;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.turn(panel.hidden);
    });
    shut.addEventListener("click", () => this.turn(false));
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.turn(false);
    });
  }

  turn(isOpen) {
    if (isOpen === !this.panel.hidden) return;
    if (isOpen) this.from = document.activeElement;
    this.panel.hidden = !isOpen;
    if (isOpen) this.panel.focus();
    else (this.from?.isConnected ? this.from : this.link).focus();
  }
}

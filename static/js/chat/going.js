// Leads from the talk to another page of ours, but never from behind a cover.

export class Going {
  // hide: the button that covers; isCovered(): whether she is behind it.
  constructor({ hide, isCovered }) {
    this.isCovered = isCovered;
    this.again = null;
    // A page already on its way would come up in place of the innocent one.
    hide.addEventListener("click", () => this.again && window.stop());
  }

  // An address opens for a minute only: behind a cover it is let go, and `again` asks for one when she is back.
  to(address, again) {
    this.again = again;
    if (!this.isCovered()) location.replace(address);
  }

  back() {
    const { again } = this;
    this.again = null;
    if (again) again();
  }
}

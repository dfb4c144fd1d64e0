// Links lead out of the desk: while somebody is on the page they open beside it, or her line would go with it.

export class WayOut {
  // isNeeded(): whether somebody is on the page; why: what a link says of it.
  constructor({ links, isNeeded, why }) {
    Object.assign(this, { links, isNeeded, why });
    for (const link of links) {
      link.addEventListener("click", (event) => {
        // This very page, opened anew, would lose what was typed here.
        if (this.isNeeded() && link.getAttribute("aria-current") === "page") event.preventDefault();
        else this.draw();
      });
    }
  }

  draw() {
    const isNeeded = this.isNeeded();
    for (const link of this.links) {
      if ((link.target === "_blank") === isNeeded) continue;
      Object.assign(link, isNeeded ? { target: "_blank", rel: "noopener", title: this.why } : { target: "", rel: "", title: "" });
    }
  }
}

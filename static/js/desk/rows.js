// What rows of the desk are made of: a piece of text, words in a language of their own, a button that says what it is for.

// kind: the name of the element.
export function piece(kind, className, text = "") {
  return Object.assign(document.createElement(kind), { className, textContent: text });
}

// Words of a card, or of a person: read in their own direction, whatever stands around them.
export function said(className, text, tag) {
  return Object.assign(piece("span", className, text), { lang: tag, dir: "auto" });
}

// of: what the press is about, for whoever does not see the row around it. A button that is off stays where it is and is
// read out, and does nothing.
export function press({ text, of = "", className = "row second", isOff = () => false, act }) {
  const button = Object.assign(piece("button", className, text), { type: "button" });
  if (of) button.setAttribute("aria-label", `${text}: ${of}`);
  button.addEventListener("click", () => isOff() || act());
  return button;
}

// A sentence of the book as a row shows it: in the desk's language and, where that is another, as she reads it.
export function sentence(book, name, hers, herClass = "book-hers", ourClass = "") {
  const ours = said(ourClass, book.say(name), book.desk);
  return hers === book.desk ? [ours] : [ours, said(herClass, book.say(name, hers), hers)];
}

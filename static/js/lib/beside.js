// Copies what another page of ours says: its words, and an original that stands beside them with its language; no more.

export function copyWords(from, to) {
  for (const { localName, lang, dir, textContent } of from.childNodes) {
    const isOriginal = localName === "small";
    to.append(isOriginal ? Object.assign(document.createElement("small"), { lang, dir, textContent }) : textContent);
  }
  return to;
}

// Copies what another page of ours says: its words, a name in them by itself, and an original that stands beside them with
// its language; no more.

export function copyWords(from, to) {
  for (const { localName, lang, dir, textContent } of from.childNodes) {
    const isApart = localName === "small" || localName === "bdi";
    to.append(isApart ? Object.assign(document.createElement(localName), lang && { lang }, dir && { dir }, { textContent }) : textContent);
  }
  return to;
}

// Draws at the desk what a machine made: in a place of its own under the words, with what is odd about it.

const WARNS = { link_added: "machineLink", numbers_changed: "machineNumbers", repeats: "machineOdd", odd_length: "machineOdd", same_as_original: "machineOdd" };

export function made(name, text, lang = "") {
  const piece = document.createElement("p");
  piece.className = name;
  piece.textContent = text;
  piece.dir = "auto";
  if (lang) piece.lang = lang;
  return piece;
}

export function warnings(flags = [], words) {
  const names = new Set(Object.keys(WARNS).filter((flag) => flags.includes(flag)).map((flag) => WARNS[flag]));
  return [...names].map((name) => made("made-warn", words.say(name)));
}

// What stands under a bubble; nothing for words that needed none.
export function translation({ text, language, status, flags }, words) {
  if (status === "skipped") return null;
  const part = document.createElement("div");
  part.className = "made";
  const isHeld = flags?.includes("link_added");
  part.append(made("quiet-text", words.say(text ? "machineLabel" : isHeld ? "machineHeld" : "machineFailed", { language: words.language(language) })));
  if (text) part.append(made("made-words", text, language));
  part.append(...warnings(flags, words));
  return part;
}

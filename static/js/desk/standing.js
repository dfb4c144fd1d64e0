// Gathers from the lines of one conversation what its card says besides the answers: who reads along, what may be kept.

// The sentence that says who has come.
export const GREETING = "hello";
const COMES = new Set(["watched", "entered", "guest"]);
// Whoever takes it over, or is handed it, reads as the one who holds it.
const GOES = new Set(["unwatched", "went", "guest_gone", "joined", "handed"]);
const CHILD = new Set(["under16", "under18"]);
const ISOLATES = /[\u2068\u2069]/g;

export class Standing {
  constructor() {
    // By alias, each once, in the order in which they came.
    this.readers = new Set();
    this.cameBack = false;
    // By the one who holds it, or before her by the one who told her: then nobody greets anew.
    this.isGreeted = false;
  }

  // What the house told, each line once.
  happened(kind, name) {
    if (COMES.has(kind)) this.readers.add(name);
    if (GOES.has(kind)) this.readers.delete(name);
    if (kind === "back") this.cameBack = true;
    if (kind === "joined") this.isGreeted = false;
  }
}

// The latest words she said yes to; empty where she said yes to none, or took it back. asked: number -> {card, choice, text}.
export function keptWords(asked) {
  const kept = [...asked.values()].filter(({ card, choice }) => card === "keep" && choice === "keep");
  const [, ...words] = (kept.pop()?.text ?? "").split("\n\n");
  return words.join("\n\n").replace(ISOLATES, "");
}

// Whether she is a child: what staff marked, or what she tapped about her age last; `choice` is that tap.
export function isChild(card, asked) {
  const tapped = [...asked.values()].filter((one) => one.card === "age" && one.choice).pop();
  const choice = tapped ? tapped.choice : "";
  const isMarked = Boolean(card.child) || (card.danger === "child" && card.outcome !== "mistake");
  return { isChild: isMarked || CHILD.has(choice), choice };
}

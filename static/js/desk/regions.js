// Finds the region that is meant by what she typed: by its name in any language of the house, or its code.

// Names as long as this are known with one slip in them: a letter more, a letter less, or another one.
const LONG = 7;
// Before a name they make another place of it: "New Mexico".
const NEW = new Set(["new", "nouveau", "nouvelle", "nuevo", "nueva"]);
// Behind a place it is California as often as Canada: "Los Angeles, CA".
const EITHER = "ca";

// One spelling for capitals, accents, and Arabic letters that are written either way.
function read(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ة/g, "ه").replace(/ى/g, "ي");
}

function wordsOf(text) {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map(({ 0: raw, index }) => ({
    raw,
    said: read(raw),
    // "Toronto, ON": what stands after a comma stands for itself.
    isApart: /[,;/(\n]\s*$/.test(text.slice(0, index)),
  }));
}

const join = (words) => words.map(({ said }) => said).join(" ");

export class Regions {
  // element: one child for each region, with its names and codes; house: the region this house stands in.
  constructor(element, house) {
    this.element = element;
    this.all = [...element.children].map(({ dataset: { region: id, country, names } }) => ({
      id,
      country,
      names: names.split("|").filter(Boolean).map((name) => join(wordsOf(name))),
    }));
    this.country = this.all.find(({ id }) => id === house)?.country;
    this.house = house;
  }

  // Its id, or empty where nothing fits, or two do: nobody is to be shown a number of some other place. What stands last
  // counts ("Toronto, Ontario"); a country gives way to a part of it that stands before it ("Ontario, Canada").
  find(typed) {
    const words = wordsOf(typed);
    const last = this.#atEnd(words);
    if (!last) return "";
    const isWhole = last.region.id === last.region.country;
    const part = isWhole ? this.#atEnd(words.slice(0, last.from)) : null;
    const region = part && part.region.country === last.region.country ? part.region : last.region;
    const others = this.all.filter(({ id, names }) => ![region.id, region.country].includes(id) && names.some((name) => this.#holds(words, name)));
    return others.length ? "" : region.id;
  }

  // Its element: a line for each number.
  numbersOf(id) {
    return [...this.element.children].find(({ dataset }) => dataset.region === id);
  }

  // In the desk's language.
  nameOf(id) {
    return this.numbersOf(id)?.dataset.name ?? "";
  }

  // Up to which age a child's danger must be reported there, or that nobody has checked; empty for a place nobody knows.
  protectsOf(id) {
    return this.numbersOf(id)?.dataset.protects ?? "";
  }

  // The one number for an emergency there; empty where there is none that holds for all of it.
  emergencyOf(id) {
    return [...this.numbersOf(id).children].find(({ dataset }) => dataset.number && !dataset.for)?.dataset.number ?? "";
  }

  // The longest name that stands at the end, and from which word on.
  #atEnd(words) {
    for (let from = 0; from < words.length; from += 1) {
      const end = words.slice(from);
      const region = this.#isOther(words, from) ? null : this.#named(join(end)) || this.#coded(end, words);
      if (region) return { region, from };
    }
    return null;
  }

  #named(name) {
    const exact = this.all.find(({ names }) => names.includes(name));
    if (exact || name.length < LONG) return exact;
    const near = this.all.filter(({ names }) => names.some((one) => one.length >= LONG && isOneSlip(one, name)));
    return near.length === 1 ? near[0] : undefined;
  }

  // "on" and "us" are words as well: a code stands alone, or after a comma, or in capitals beside small letters. The
  // short code of a part is known in its own country only: elsewhere "NL" is another place.
  #coded(end, words) {
    const code = end.map(({ said }) => said).join("-");
    const isLoud = end.every(({ raw }) => raw === raw.toUpperCase()) && words.some(({ raw }) => raw !== raw.toUpperCase());
    if (end.length < words.length && !end[0].isApart && !isLoud) return undefined;
    if (code === EITHER && end.length < words.length && this.#atEnd(words.slice(0, -1))?.region.country !== EITHER) return undefined;
    return this.all.find(({ id, country }) => id === code || (country === this.country && id === `${country}-${code}`));
  }

  #isOther(words, from) {
    return from > 0 && NEW.has(words[from - 1].said);
  }

  #holds(words, name) {
    const size = name.split(" ").length;
    return words.some((_, from) => !this.#isOther(words, from) && join(words.slice(from, from + size)) === name);
  }
}

// Whether the two differ by one letter.
function isOneSlip(one, other) {
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  let at = 0;
  while (at < short.length && long[at] === short[at]) at += 1;
  return long.slice(at + 1) === short.slice(long.length === short.length ? at + 1 : at);
}

// Finds the page's own words: they stand translated in the `data-` attributes of one element.

export class Words {
  constructor(element, language) {
    this.given = element.dataset;
    this.plurals = typeof Intl === "object" && Intl.PluralRules ? new Intl.PluralRules(language) : null;
  }

  // The words called `name`, its {places} filled.
  say(name, values = {}) {
    return (this.given[name] || "").replace(/\{(\w+)\}/g, (place, key) => (key in values ? this._written(values[key]) : place));
  }

  // A count in the digits of the page's language, where it has its own.
  _written(value) {
    const { digits } = this.given;
    return digits && typeof value === "number" ? String(value).replace(/\d/g, (digit) => digits[digit]) : value;
  }

  // The words called `name` in the form that the number asks for.
  count(name, number, values = {}) {
    const category = this.plurals ? this.plurals.select(number) : "other";
    const form = `${name}${category[0].toUpperCase()}${category.slice(1)}`;
    return this.say(form in this.given ? form : `${name}Other`, Object.assign({ n: number }, values));
  }

  // A name from somewhere else, kept from turning the direction of the line it stands in.
  static apart(name) {
    return name ? `\u2068${name}\u2069` : "";
  }
}

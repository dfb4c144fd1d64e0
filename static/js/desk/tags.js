// A language's tag as a part of a name in `dataset`: "zh-Hans" stands in `data-in-zh-hans`, which a script reads as inZhHans.

export function asName(tag) {
  return tag
    .split("-")
    .map((part) => `${part[0].toUpperCase()}${part.slice(1).toLowerCase()}`)
    .join("");
}

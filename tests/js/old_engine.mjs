// Reads scripts from stdin (a JSON object, name to text) and prints what a browser of early 2018 could not run in them.

import { parse } from "acorn";

const words = (text) => new Set(text.split(/\s+/));

// What came later than Chrome 64, Firefox 58 and Safari 11.0, or to one of them. What a script asks for before it uses
// it (`if (window.visualViewport)`) is not here: an old engine survives that.
const LATER_PARTS = words(
  `replaceChildren replaceAll matchAll fromEntries flat flatMap trimStart trimEnd at findLast findLastIndex hasOwn
   allSettled any finally toggleAttribute toSorted toReversed toSpliced getEntriesByType groupBy withResolvers
   showModal checkVisibility getAnimations randomUUID requestSubmit isWellFormed`,
);
const LATER_GLOBALS = words(
  `structuredClone queueMicrotask globalThis BigInt WeakRef requestIdleCallback IntersectionObserver ResizeObserver
   AggregateError ReadableStream CompressionStream BroadcastChannel scheduler AbortSignal`,
);

function* nodes(node) {
  if (!node || typeof node !== "object") return;
  if (Array.isArray(node)) {
    for (const each of node) yield* nodes(each);
    return;
  }
  if (typeof node.type === "string") yield node;
  for (const value of Object.values(node)) yield* nodes(value);
}

function* faults(text) {
  let tree;
  try {
    tree = parse(text, { ecmaVersion: 2017, sourceType: "script" });
  } catch (error) {
    yield error.message;
    return;
  }
  for (const node of nodes(tree)) {
    const part = node.type === "MemberExpression" && !node.computed && node.property.name;
    const taken = node.type === "ObjectPattern" ? node.properties.map(({ key }) => key.name) : [];
    for (const name of [part, ...taken]) if (LATER_PARTS.has(name)) yield `${name} came later`;
    if (node.type === "Identifier" && LATER_GLOBALS.has(node.name)) yield `${node.name} came later`;
  }
}

let given = "";
for await (const part of process.stdin) given += part;
const found = Object.entries(JSON.parse(given)).map(([name, text]) => [name, [...faults(text)]]);
console.log(JSON.stringify(Object.fromEntries(found)));

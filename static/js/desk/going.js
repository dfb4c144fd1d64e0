// Keys of every page of the desk: "?" shows all keys, G and a letter go to a place, J and K walk along a list.

import { KeysPanel } from "./keys_panel.js";
import { Rove } from "./rove.js";
import { isSingle } from "./typing.js";

// Milliseconds the letter after G is waited for.
const NEXT_WITHIN = 1500;

const press = (element) => {
  element?.click();
  return Boolean(element);
};
const stand = (element) => {
  element?.focus();
  return Boolean(element);
};

// places: letter -> what this page does for it in place of its link; isOff(): no key is heard now.
export function hearKeys({ places = {}, isOff = () => false } = {}) {
  const at = (id) => document.getElementById(id);
  const panel = at("keys-panel") && new KeysPanel({ panel: at("keys-panel"), link: at("keys-open"), shut: at("keys-shut") });
  const lists = [...document.querySelectorAll("[data-rows]")].map(rowsOf);
  let wentAt = -Infinity;
  const go = (letter) => places[letter]?.() ?? press(document.querySelector(`[data-go="${letter}"]`));
  const keys = {
    "?": () => (panel ? panel.turn(true) ?? true : press(at("keys-open"))),
    g: () => (wentAt = Date.now()) > 0,
    j: () => lists[0] && (lists[0].step(1) ?? true),
    k: () => lists[0] && (lists[0].step(-1) ?? true),
    u: () => press(document.querySelector("[data-up]")),
    a: () => stand(document.querySelector("[data-answer]")),
  };
  document.addEventListener("keydown", (event) => {
    if (isOff() || event.defaultPrevented || document.body.dataset.singleKeys === "off" || !isSingle(event)) return;
    const letter = event.key.toLowerCase();
    const isGoing = Date.now() - wentAt < NEXT_WITHIN;
    wentAt = -Infinity;
    if (isGoing ? go(letter) : Object.hasOwn(keys, letter) && keys[letter]()) event.preventDefault();
  });
}

// Rows of a list that the house wrote: the one that is open is where she stands.
function rowsOf(list) {
  const rows = () => [...list.querySelectorAll(list.dataset.rows)];
  const rove = new Rove({ list, rows, of: (row) => [row] });
  rove.row = rows().find((row) => row.hasAttribute("aria-current")) ?? null;
  rove.settle();
  // From outside the list the first step leads to the row after the open one.
  const step = rove.step.bind(rove);
  rove.step = (by) => {
    const all = rows();
    if (all.some((row) => row.contains(document.activeElement)) || !all[all.indexOf(rove.row)]?.hasAttribute("aria-current")) step(by);
    else rove.enter(all[Math.min(Math.max(all.indexOf(rove.row) + by, 0), all.length - 1)]);
  };
  return rove;
}

// One key locks the desk from every page of it, whatever is being typed there: Alt L.

import { isWithAlt } from "./typing.js";

export function hearLockKey() {
  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyL" || !isWithAlt(event)) return;
    event.preventDefault();
    document.querySelector("#lock-press button").click();
  });
}

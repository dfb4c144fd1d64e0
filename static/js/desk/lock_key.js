// One key locks the desk from every page of it, whatever is being typed there: Alt L.

export function hearLockKey() {
  document.addEventListener("keydown", (event) => {
    const { altKey, ctrlKey, metaKey, shiftKey, code } = event;
    if (code !== "KeyL" || !altKey || ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    document.querySelector("#lock-press button").click();
  });
}

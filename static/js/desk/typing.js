// Whether a press is somebody's writing: then no key of the desk may take it from her.

const WRITES = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
// On a Mac the Option key writes: é, ç and half of the marks of every language.
const IS_MAC = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

export const isField = (element) => Boolean(element?.matches?.(WRITES));

// Of a single letter: never in a field, never with another key, never while a sign is being put together.
export const isSingle = (event) =>
  !event.altKey && !event.ctrlKey && !event.metaKey && !event.isComposing && !event.repeat && !isField(event.target);

// Of Alt with a letter: in a field too, but for what writes there (AltGr, and Option on a Mac).
export const isWithAlt = (event, isMac = IS_MAC) =>
  event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.isComposing
  && !event.getModifierState?.("AltGraph") && !(isMac && isField(event.target));

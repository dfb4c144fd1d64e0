// On every page of the desk that has no line of its own: once the desk is locked elsewhere, nothing stays on this page.

import { hearKeys } from "./going.js";
import { hearLockKey } from "./lock_key.js";
import { OtherWindows } from "./other_windows.js";

hearKeys();
hearLockKey();
new OtherWindows({ locked: () => location.replace("/desk/locked") });
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

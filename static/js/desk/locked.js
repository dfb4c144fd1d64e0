// The page of a locked desk: keeps the line open, so that whoever is held stays held, and calls without words.

import { Connection, SIGNED_OUT } from "../chat/connection.js";
import { SUBPROTOCOLS, writeFrame } from "../chat/protocol.js";
import { Words } from "../chat/words.js";
import { Alarm } from "./alarm.js";
import { LockCalls } from "./lock_calls.js";
import { OtherWindows } from "./other_windows.js";

// Whoever has no session any more is led on to the sign-in page from there.
const leave = () => location.replace("/desk");
const page = document.getElementById("locked");
const csrf = document.querySelector("input[name=csrf]").value;
new OtherWindows({ opened: leave }).tellLocked();

if ("hears" in page.dataset) {
  const shown = document.getElementById("lock-calls");
  // Nothing was pressed on this page, so it may not sound: the number in its title calls, and a notice without words.
  const unused = document.createElement("span");
  const alarm = new Alarm({ tag: unused, button: unused, words: new Words(shown, document.documentElement.lang) });
  const calls = new LockCalls({ shown, alarm });
  const connection = new Connection({
    open: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/line/desk`, SUBPROTOCOLS),
    hello: () => writeFrame("Resume", { csrf, talks: [] }),
    heard: (frame) => {
      if (frame.type === "Locked") calls.told(frame);
      else if (frame.type === "SignedOut") leave();
    },
    changed: () => {},
    ended: (code) => {
      if (code === SIGNED_OUT) leave();
    },
  });
  setInterval(() => calls.look(), 1000);
  addEventListener("online", () => connection.wake());
  document.addEventListener("visibilitychange", () => document.hidden || connection.wake());
  addEventListener("pagehide", () => connection.close());
  connection.start();
}
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

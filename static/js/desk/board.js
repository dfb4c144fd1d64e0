// The supervisor's board, kept up to date over its own line; loud when it is not.

import { Announcer } from "../chat/announcer.js";
import { CONNECTED, Connection, SIGNED_OUT, WEAK } from "../chat/connection.js";
import { SUBPROTOCOLS, writeFrame } from "../chat/protocol.js";
import { Words } from "../chat/words.js";
import { BoardView } from "./board_view.js";

const at = (id) => document.getElementById(id);

// Without a store the house drew no board: a reload asks again.
if (at("board-waiting")) {
  const words = new Words(at("board-words"), document.documentElement.lang);
  const announcer = new Announcer(at("board-said"));
  const view = new BoardView({ at, words, say: (text) => announcer.say(text) });
  const connection = new Connection({
    open: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/line/board`, SUBPROTOCOLS),
    hello: () => writeFrame("Resume", { csrf: document.querySelector("input[name=csrf]").value, talks: [] }),
    heard: (frame) => {
      if (frame.type === "BoardSnapshot") view.snapshot(frame, Date.now());
      else if (frame.type === "Locked") location.replace("/desk/locked");
      else if (frame.type === "SignedOut") location.replace("/desk/signin");
    },
    changed: (state) => {
      at("offline").hidden = state === CONNECTED || state === WEAK;
    },
    ended: (code) => {
      at("offline").hidden = false;
      if (code === SIGNED_OUT) location.replace("/desk/signin");
    },
  });
  setInterval(() => {
    view.draw(Date.now());
    if (!at("offline").hidden && view.told) at("as-of").textContent = words.say("asOf", { n: Math.floor((Date.now() - view.heardAt) / 1000) });
  }, 1000);
  addEventListener("online", () => connection.wake());
  document.addEventListener("visibilitychange", () => document.hidden || connection.wake());
  addEventListener("pagehide", () => connection.close());
  connection.start();
}

// In the top row: what the chat's switch says, who is called when she needs somebody, and whether she is called herself.

import { Words } from "../chat/words.js";

// at: an element by its id. An older server says nothing of the switch.
export function drawDoor({ at, queue, words }) {
  const { door, doorUntil } = queue;
  const shown = at("door");
  if (!door || !shown) return;
  const name = `door${door[0].toUpperCase()}${door.slice(1)}${doorUntil ? "Until" : ""}`;
  shown.textContent = words.say(name, { time: Words.apart(doorUntil) });
  shown.className = `desk-tag is-${{ open: "good", closed: "hold" }[door] ?? "quiet"}`;
}

// What earlier shifts left for her, above the queue. Only what changed: each writing of a status is read out.
function drawNotes({ at, queue, words }) {
  const shown = at("notes");
  if (!shown) return;
  shown.hidden = !queue.notes;
  const said = queue.notes ? words.say("notesLeft", { n: queue.notes }) : "";
  if (shown.firstElementChild.textContent !== said) shown.firstElementChild.textContent = said;
}

// An older server says nothing of the calls either.
export function drawReach({ at, queue, words }) {
  drawNotes({ at, queue, words });
  const { onCall, isReached } = queue;
  for (const id of ["on-call", "reached"]) at(id).hidden = isReached === null;
  at("on-call").textContent = onCall ? words.say("onCall", { name: Words.apart(onCall) }) : words.say("onCallNobody");
  at("reached").textContent = words.say(isReached ? "reached" : "notReached");
  at("reached").className = `desk-tag is-${isReached ? "quiet" : "hold"}`;
}

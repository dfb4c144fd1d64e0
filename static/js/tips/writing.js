// The form while somebody writes in it: a copy of it kept at the house, and a link tapped before the words are sent.
// Fetched with the first letter (sending.js). What it says of the copy stands beside the field, with the tap that ends it.

import { ask } from "../lib/ask.js";
import { Draft, read } from "./draft.js";

// Milliseconds.
const LATE = 20000;

// Going to another page of ours loses the words: said once, and done with the second tap. The way out never asks.
function asksOnce(form, said) {
  let told;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link === told || link.hasAttribute("data-leave") || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname) return;
    if (!Object.keys(read(form.elements)).length) return;
    told = link;
    event.preventDefault();
    link.parentNode.insertBefore(said, link.nextSibling);
    said.hidden = false;
  }, true);
}

// A proxy that is busy answers with a page of its own.
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return null;
  }
}

// Once, in the language the words look like: the form is sent there and back in it, or not.
function hints(box, { tag, ask: words, show, no }) {
  const said = document.createElement("p"), isSaid = document.createElement("input");
  Object.assign(said, { className: "notice", lang: tag, dir: "auto", textContent: `${words} ` });
  Object.assign(isSaid, { type: "hidden", name: "g", value: "1" });
  said.setAttribute("role", "status");
  const tap = (text, fields) => said.appendChild(Object.assign(document.createElement("button"), { className: "button button-second", textContent: text }, fields));
  tap(show, { name: "to", value: tag });
  tap(no, { type: "button" }).addEventListener("click", () => said.parentNode.removeChild(said));
  box.parentNode.insertBefore(said, box.nextSibling);
  box.parentNode.insertBefore(isSaid, said);
}

function start(box) {
  const button = box.querySelector("button"), { form } = button;
  const told = box.querySelector("[data-told]"), isOff = form.elements.off, address = box.dataset.house;
  let act, isLast;
  const post = (said, done) => {
    const body = JSON.stringify(said);
    // What is asked as the page goes must outlive it.
    if (isLast && window.Request && "keepalive" in Request.prototype) {
      const headers = { "Content-Type": "application/json" };
      fetch(address, { method: "POST", keepalive: true, credentials: "same-origin", headers, body }).catch(() => {});
      return;
    }
    ask(address, body, LATE, (status, text) => {
      const answer = status === 200 ? parsed(text) : null;
      if (answer && answer.guess && !form.elements.g) hints(box, answer.guess);
      done(answer);
    });
  };
  const show = (word, next) => {
    told.textContent = box.dataset[word];
    button.textContent = button.dataset[next];
    act = next;
    box.hidden = false;
  };
  const draft = new Draft({ fields: () => form.elements, start: form.elements.k.value, post, show });
  button.addEventListener("click", () => {
    isOff.value = act === "off" ? "1" : "";
    draft[act]();
  });
  for (const what of ["input", "change"]) form.addEventListener(what, () => draft.typed());
  document.addEventListener("visibilitychange", () => document.hidden && draft.keep());
  document.addEventListener("page:leaving", (event) => {
    const key = draft.ends();
    if (key) event.detail.tokens.push(key);
  });
  document.addEventListener("page:back", () => {
    isLast = false;
    draft.isBack();
  });
  // Before the fields are emptied, where the browser lets this be first.
  addEventListener("pagehide", (event) => {
    isLast = true;
    draft.leaves(event.persisted);
  }, true);
  asksOnce(form, document.querySelector("[data-going]"));
  if (isOff.value) show("none", "on");
  else draft.on();
}

const box = document.querySelector("[data-component=writing]");
if (box) start(box);

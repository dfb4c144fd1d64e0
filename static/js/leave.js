// The way out, and the guards of what is left behind. Loads first, leans on nothing, serves every public page.
// For other scripts: on exit `document` gets the event "page:leaving". Stop your timers and sockets there and
// push your token: event.detail.tokens.push(token). What event.detail.tokens holds is posted to /leave, unawaited.
// Nodes marked data-kept-words are emptied whenever the page is left; "page:back" says it came back whole.
(() => {
"use strict";
const page = document, root = page.documentElement, title = page.title;
let left, to, pressed;
// A step that fails is passed over: the next one matters more.
const tried = step => { try { step(); } catch (e) {} };
const empty = node => { while (node.firstChild) node.removeChild(node.firstChild); };
const on = (what, act, first) => page.addEventListener(what, act, first);
const one = what => page.querySelector(what);
const all = (what, step) => [].forEach.call(page.querySelectorAll(what), step);

// 1 blank, 2 stop, 3 tell, 4 replace: a throw in any of them still reaches the last.
const leave = () => {
  const tokens = [];
  left = true;
  tried(() => all("[name=t]", field => tokens.push(field.value)));
  tried(blank);
  tried(() => page.dispatchEvent(new CustomEvent("page:leaving", { detail: { tokens } })));
  tried(() => window.stop());
  tried(() => tokens.length && tell(tokens));
  location.replace(to || "about:blank");
};
// Without keepalive a fetch would end with the page; a beacon does not.
const tell = tokens => window.Request && "keepalive" in Request.prototype
  ? fetch("/leave", {
    method: "POST", keepalive: true, credentials: "same-origin",
    headers: { "Content-Type": "application/json" }, body: JSON.stringify({ t: tokens })
  }).catch(() => {})
  : navigator.sendBeacon("/leave", new URLSearchParams("t=" + tokens.join("&t=")));
const blank = () => {
  const door = one("[data-leave]");
  if (door && !to) to = door.dataset.leave || door.href;
  empty(root);
  root.style.colorScheme = "light dark";
  root.appendChild(page.createElement("head"));
  page.title = title;
  const body = root.appendChild(page.createElement("body"));
  const said = body.appendChild(page.createElement("p"));
  said.setAttribute("role", "alert");
  // A name without a text node: it is read out, and nothing of ours is drawn.
  said.appendChild(page.createElement("span")).setAttribute("role", "img");
  said.firstChild.setAttribute("aria-label", (door && door.dataset.wait) || "");
};

// Every move inside the site replaces, so that Back leads to where the person was before us.
on("click", event => {
  const link = event.target.closest && event.target.closest("a,button");
  pressed = link;
  if (!link || event.defaultPrevented || event.button) return;
  const out = link.hasAttribute("data-leave");
  if (!out && (event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.origin !== location.origin)) return;
  event.preventDefault();
  if (out) leave(); else location.replace(link.href);
});

// A form goes by fetch: browsers write what fetch posts nowhere. Nothing typed is lost when the line is. One with a photo,
// one that names a frame, and any form in a browser that lacks what this needs, posts by itself, as without script. (Whoever knows
// AbortController reads a form's fields too.)
on("submit", event => {
  const form = event.target;
  if (event.defaultPrevented || form.target || form.enctype[0] === "m" || !window.fetch || !window.AbortController) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const fields = new FormData(form), late = new AbortController();
  if (pressed && pressed.form === form && pressed.name) fields.append(pressed.name, pressed.value);
  setTimeout(() => late.abort(), 3e4);
  fetch(form.action, {
    method: "POST", credentials: "omit", headers: { Accept: "application/json" }, body: new URLSearchParams(fields),
    signal: late.signal
  }).then(answer => answer.json()).then(answer => left || location.replace(answer.to)).catch(() => {
    form.removeAttribute("aria-busy");
    const line = one("[data-said]");
    if (line) form.appendChild(line);
    say("stuck");
  });
});

// Shift alone, three times, 5 seconds apart at most. A touch keyboard has no key codes and never counts.
let alone, count = 0, timer;
const say = word => {
  const line = one("[data-said]");
  if (line) { line.textContent = line.dataset[word]; line.classList.toggle("said", word === "stuck"); }
};
const again = () => { clearTimeout(timer); if (count) say("none"); alone = count = 0; };
on("keydown", event => {
  if (event.key !== "Shift") again();
  else if (!event.repeat) alone = /^Shift(Left|Right)$/.test(event.code) && matchMedia("(any-pointer: fine)").matches;
}, true);
on("pointerdown", again, true);
on("keyup", event => {
  if (event.key !== "Shift" || !alone) return;
  alone = false;
  count += 1;
  clearTimeout(timer);
  if (count > 2) leave();
  else { say(count > 1 ? "one" : "two"); timer = setTimeout(again, 5e3); }
}, true);

// What Back could show again is emptied on the way out; what was left by the exit leaves again.
addEventListener("pagehide", () => {
  all("textarea,input:not([type=hidden])", field => {
    field[/^(radio|checkbox)$/.test(field.type) ? "checked" : "value"] = "";
  });
  all("[data-kept-words]", empty);
});
addEventListener("pageshow", event => {
  if (!event.persisted) return;
  if (left) { tried(blank); location.replace(to); }
  else if (one("[name=t][value]:not([value=''])")) { tried(blank); location.reload(); }
  else page.dispatchEvent(new CustomEvent("page:back"));
});
})();

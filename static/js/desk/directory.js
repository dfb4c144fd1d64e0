// The directory's own form, asked while somebody types: the same post as the button's, and only its list is taken over.

const PAUSE_MS = 250;
const LETTERS = 2;
const form = document.getElementById("directory-find");
const field = form.elements.typed;
let pause = 0;
let asked = 0;

async function find() {
  const mine = ++asked;
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
  if (!answer.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("found");
  if (found && mine === asked) document.getElementById("found").replaceChildren(...found.children);
}

field.addEventListener("input", () => {
  clearTimeout(pause);
  const letters = [...field.value.trim()].length;
  if (letters === 0 || letters >= LETTERS) pause = setTimeout(() => find().catch(() => {}), PAUSE_MS);
});
form.addEventListener("change", (event) => {
  if (event.target !== field) find().catch(() => {});
});
// Down from the field into what was found, along it, and up into the field again: before the list hears of it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...document.querySelectorAll("#found .directory-line a")];
  const at = links.indexOf(document.activeElement);
  if (at < 0 && (document.activeElement !== field || event.key === "ArrowUp")) return;
  const next = event.key === "ArrowDown" ? links[at + 1] : (links[at - 1] ?? field);
  if (!next) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}, true);

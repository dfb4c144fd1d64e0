// Says two minutes before a session ends, and keeps it by one press. Looking renews nothing.

// Seconds.
const WARNING = 120;
const FIRST = 60;
const LONGEST = 600;
const AGAIN = 15;

const box = document.getElementById("time-left");
const at = (name) => box.querySelector(`[data-at="${name}"]`);
const form = box.querySelector("form");
let waiting;

function wait(seconds) {
  clearTimeout(waiting);
  waiting = setTimeout(look, seconds * 1000);
}

function show({ left, stays }) {
  const isNear = left <= WARNING;
  box.hidden = !isNear;
  at("idle").hidden = !stays;
  at("over").hidden = stays;
  form.hidden = !stays;
  wait(isNear ? Math.min(left, AGAIN) + 1 : Math.min(left - WARNING, LONGEST));
}

async function look() {
  try {
    const answer = await fetch("/desk/me/left", { headers: { accept: "application/json" } });
    const told = answer.redirected ? { left: 0 } : await answer.json();
    // Over, or locked: the page leads to the sign-in, or to the lock, by itself.
    if (told.left <= 0) location.reload();
    else show(told);
  } catch {
    wait(FIRST);
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    show(await answer.json());
  } catch {
    form.submit();
  }
});
document.addEventListener("visibilitychange", () => document.hidden || wait(1));
wait(FIRST);

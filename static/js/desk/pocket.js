// The cover of a supervisor's phone: with script nothing stands on the screen before the house has answered.

document.querySelector("[data-cover]")?.addEventListener("submit", () => {
  // Not the form itself: it is on its way.
  document.body.classList.add("is-covered");
  for (const frame of document.querySelectorAll("iframe")) frame.remove();
});

// The card's row about machine translation: what she said, for which direction, and how the engine is.

export function drawMachine(element, { hers = "", theirs = "", engine = "" }, words) {
  const at = (name) => element.querySelector(`[data-at="${name}"]`);
  at("machine-row").hidden = !hers && !theirs;
  at("machine").textContent = words.say(`machine${said(hers, theirs)}`);
  const isOn = hers === "yes" || theirs === "yes";
  at("machine").classList.toggle("is-on", isOn);
  const told = { slow: "machineEngineSlow", away: "machineEngineAway" }[engine] ?? "";
  at("machine-engine").hidden = !told || (hers === "only" && theirs === "only" && engine !== "away");
  at("machine-engine").textContent = told && words.say(told);
}

function said(hers, theirs) {
  if (hers === "yes" && theirs === "yes") return "Both";
  if (hers === "yes") return "Hers";
  if (theirs === "yes") return "Theirs";
  if (hers === "asked" || theirs === "asked") return "Waits";
  return hers === "only" && theirs === "only" ? "Only" : "Off";
}

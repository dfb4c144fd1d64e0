// Writes lengths of time the way the desk reads them.

// "0:50", "12:05": how long somebody has waited, how long words still stand.
export function asClock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// "40 s", "12 min", "3 h": how old something is; no finer than anybody needs.
export function asAge(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 100) return `${whole} s`;
  if (whole < 6000) return `${Math.round(whole / 60)} min`;
  return `${Math.round(whole / 3600)} h`;
}

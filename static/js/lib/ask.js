// Asks our own server something by XMLHttpRequest: every browser that runs our script has it, and can stop it.

export const canAsk = typeof XMLHttpRequest === "function";

// done(status, text): status 0 when no answer came within `limit` milliseconds. Returns what stops it, after which
// nothing is told. `body` is JSON; without one it is a GET.
export function ask(address, body, limit, done) {
  const request = new XMLHttpRequest();
  request.open(body ? "POST" : "GET", address);
  request.timeout = limit;
  if (body) request.setRequestHeader("Content-Type", "application/json");
  request.onloadend = () => done(request.status, request.responseText);
  request.send(body);
  return () => {
    request.onloadend = null;
    request.abort();
  };
}

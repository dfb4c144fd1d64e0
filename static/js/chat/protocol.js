// Writes the frames a page may send and reads the ones it may hear; knows nothing of sockets or pages.

// Every version this page speaks, the newest first; the server answers the newest it knows.
export const SUBPROTOCOLS = ["line.8", "line.7", "line.6", "line.5", "line.4", "line.3", "line.2", "line.1"];

// A frame is filled up to the next of these sizes, so that its length on the wire tells little about the words in it.
const FRAME_STEPS = [256, 512, 1024, 2048, 4096, 8192, 16384];

const PAD_COST = ',"pad":""'.length;

// 128 random bits as base64url. The page makes a message's key, so the same words sent twice are saved once.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function byteLength(text) {
  return new TextEncoder().encode(text).length;
}

// The frame as text, its `pad` filled so that the whole is as long as the next step.
export function writeFrame(type, fields) {
  const bare = JSON.stringify(Object.assign({ type }, fields));
  const size = byteLength(bare);
  const step = FRAME_STEPS.find((candidate) => candidate >= size + PAD_COST);
  if (!step) return bare;
  return `${bare.slice(0, -1)},"pad":"${" ".repeat(step - size - PAD_COST)}"}`;
}

// The frame as a value, or null when it is not one: a page never trusts what it cannot read, and never breaks on it.
export function readFrame(text) {
  if (typeof text !== "string") return null;
  try {
    const frame = JSON.parse(text);
    return frame && typeof frame.type === "string" ? frame : null;
  } catch (error) {
    return null;
  }
}

// A tap on words that were refused: what refused them may be over, so they go out again, those of this conversation alone.

export function tryAgain(line, talk) {
  for (const entry of line.outbox.waiting.values()) {
    if (entry.fields.frame.conversation === talk.id) entry.final = false;
  }
  line.resend();
}

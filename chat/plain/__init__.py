"""The talk without script: an outer page with the way out, a streamed frame of words, and a frame to write in."""

"""What helps where many tips come at once: an open door, heaps of what is alike, closing many with one act."""

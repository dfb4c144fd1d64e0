"""Two notes of one person: how the desk finds that they are, and why no one person decides it."""

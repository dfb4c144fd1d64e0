"""Where things are kept: rows on a disk, keys with a time to live, and embers that no disk ever sees."""

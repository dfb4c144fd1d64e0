"""How the work is, without a transcript: sitting in, looking at oneself, records, and one unlinked question."""

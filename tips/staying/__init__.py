"""How long a tip stays: its clock, the warning, a legal hold, the purge, and what proves that it is gone."""

"""Keeps a copy of the house that a thief cannot read, and puts it back without what was erased meanwhile."""

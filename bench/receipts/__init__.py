"""Measures what one number costs that is tried: one that opens, and three kinds that do not."""

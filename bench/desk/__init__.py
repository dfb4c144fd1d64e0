"""Measures the chat desk while many wait and many sit at it."""

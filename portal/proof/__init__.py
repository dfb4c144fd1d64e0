"""Looks for known bytes in everything a house leaves: files, rows, stores."""

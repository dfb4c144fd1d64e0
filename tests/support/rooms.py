"""Gives a test every service of the house in its own process: real Valkeys, a fresh SQLite file, a still clock."""

from __future__ import annotations

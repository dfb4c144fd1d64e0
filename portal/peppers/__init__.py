"""Peppers: what names each of them, and how an old one is believed no more."""

"""The languages the hotline speaks, and every word it says; this room knows no other."""

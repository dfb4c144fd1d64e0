"""The pictures of a tip: taken only where the house has switched it on, drawn anew, and sealed while they arrive."""

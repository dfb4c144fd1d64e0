"""Names how long each kind of row stays, what deletes it and what holds it, and shows that nothing is past its day."""

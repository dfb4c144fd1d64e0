"""Moves a house's rows from its file onto a PostgreSQL server, and shows that nothing differs."""

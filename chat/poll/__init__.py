"""The talk of a page that has no socket: it asks what is new and waits for it, and posts what she says."""

"""Says, before anything is changed, what a newer version would do to a house."""

"""Operation: whoever runs the house sees how it is, and nobody who came to it."""

"""Keys of people: the book of statements, granting and taking back, the first keys, the files outside the data."""

"""The pages to read and the shelf of links: what ships, what the staff wrote over it, and which of them is shown."""

"""The two lines: a visitor's page and an advocate's desk, each with its own reader, writer and heartbeat."""

"""Plays a hotline's queue for weeks in a second: who comes when, who is on shift, who waits how long."""

"""Carries words between one visitor and one advocate, and forgets them afterwards."""

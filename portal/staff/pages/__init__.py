"""The desk's own pages: set-up, sign-in, home, staff, opening."""

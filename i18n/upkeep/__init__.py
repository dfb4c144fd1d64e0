"""What keeps the catalogues whole; `make check`, translators and readers ask it, no server does."""

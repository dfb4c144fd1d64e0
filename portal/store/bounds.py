"""Bounds every wait for the database, whichever it is."""

from typing import Final

READERS: Final = 4  # connections of one process that read; one more writes
BUSY_SECONDS: Final = 5  # for the writers of other processes
WAIT_FOR_THE_PEN: Final = 8.0  # for the writers of this process, and for a connection

"""Says that the database is away, and what of a driver's errors means so."""

from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError as PoolTimeout

from portal.errors import Away

# What a database that does not answer raises, whichever it is; a server that refuses a line raises an OSError.
SILENCE = (DBAPIError, PoolTimeout, OSError)


class DatabaseAway(Away):
    """The database did not answer, is locked for too long, or is no longer where it was."""


def judged(error: Exception) -> Exception:
    """What to raise in place of ``error``: a broken rule of a table stays what it is, all else is ``DatabaseAway``."""
    if isinstance(error, IntegrityError):
        return error
    if isinstance(error, DBAPIError):
        # Only the kind: a driver's text may quote a statement.
        return DatabaseAway(getattr(error.orig, "sqlstate", None) or type(error.orig).__name__)
    return DatabaseAway(type(error).__name__)

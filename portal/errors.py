"""The errors a page or a socket may answer with: a phrase for the person, a status for the browser."""

from typing import ClassVar


class PorchlightError(Exception):
    """The root of every error this project raises on purpose.

    Subclasses set ``phrase`` (a catalogue key: the words a person reads) and ``status`` (the HTTP status of
    the answer). The exception's own text is for a log and never holds what a person typed.
    """

    phrase: ClassVar[str] = "error.unknown"
    status: ClassVar[int] = 500


class NotThere(PorchlightError):
    """No such page, or not this person's: both answer alike, so nobody learns which."""

    phrase = "error.not_there"
    status = 404


class Away(PorchlightError):
    """Something the house stands on does not answer just now; it will come back by itself."""

    phrase = "error.away"
    status = 503


class TooBusy(PorchlightError):
    """More people are here than this process can serve well; the newest are asked to wait a little."""

    phrase = "error.busy"
    status = 503

"""Names every way a line is closed, each with the phrase that tells a person what to do next."""

from enum import IntEnum


class Closing(IntEnum):
    """A websocket close code: 1000 to 1013 mean what RFC 6455 says, 4400 to 4503 are ours, near their HTTP cousins."""

    DONE = 1000
    TOO_LARGE = 1009
    RESTARTING = 1012
    LATER = 1013
    MALFORMED = 4400
    SIGNED_OUT = 4401
    GONE = 4404
    NO_FIRST_FRAME = 4408
    SILENT = 4410
    FLOODING = 4429
    AWAY = 4503

    @property
    def phrase(self) -> str:
        """The catalogue key of the sentence for a person."""
        return f"line.{self.name.lower()}"

    @property
    def may_return(self) -> bool:
        """Whether opening the line again by itself makes sense."""
        return self in _MAY_RETURN


_MAY_RETURN = frozenset(
    {
        Closing.RESTARTING,
        Closing.LATER,
        Closing.NO_FIRST_FRAME,
        Closing.SILENT,
        Closing.FLOODING,
        Closing.AWAY,
    }
)

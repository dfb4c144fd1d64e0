"""What the server tells of a page that is left for a while: the number to come back by, covered, and back."""

from chat.protocol.kinds import Frame, Key


class ComebackMade(Frame, frozen=True, kw_only=True, tag=True):
    """The number to come back with. Told once, to the page that asked; it stands in no log and is never repeated."""

    key: Key
    code: str
    lasts_s: int

    def __repr__(self) -> str:
        return "ComebackMade(...)"


class Covered(Frame, frozen=True, kw_only=True, tag=True):
    """The conversation is covered, and nothing is told but the end. In place of a Welcome where it was so before."""

    key: str = ""  # of the Cover it answers


class Uncovered(Frame, frozen=True, kw_only=True, tag=True):
    """It is covered no more. What waited is told to a new Resume."""

    key: Key

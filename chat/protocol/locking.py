"""What is told to a desk whose session is locked or over, without a word of anybody's."""

from chat.protocol.kinds import Frame


class Locked(Frame, frozen=True, kw_only=True, tag=True):
    """Nothing else is told, and no act is done, before the passphrase; the line and what it holds live on."""

    waiting: int  # how many this desk would be called for
    calls: int  # how many calls there are for this very person, nobody having said yes
    words: int  # messages that nobody has answered, of those told on this line since it was locked
    heard: bool = True  # as in `QueueSnapshot`


class SignedOut(Frame, frozen=True, kw_only=True, tag=True):
    """The session has ended; the line closes after it."""

"""Says what the desk's list shows of the work on a tip: a summary that follows from its entries, kept for speed."""

import msgspec


class DeskCard(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Whose it is, what it is called, what is asked. Its order is a format: what is added comes last, with a default.

    `assignee` is the id of a person, or empty. `flags` are short names a house may not know; those it shows nowhere.
    """

    assignee: bytes = b""
    labels: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    eyes: tuple[bytes, ...] = ()  # whose second look is asked for, by id, until it is given

    def __repr__(self) -> str:
        return "DeskCard(...)"

    def flagged(self, flag: str, *, on: bool) -> "DeskCard":
        """The same with a flag set or taken off."""
        flags = tuple(each for each in self.flags if each != flag) + ((flag,) if on else ())
        return msgspec.structs.replace(self, flags=flags)


BLANK = DeskCard()


def encode(card: DeskCard) -> bytes:
    """The bytes to seal."""
    return msgspec.msgpack.encode(card)


def decode(body: bytes) -> DeskCard:
    """The card of opened bytes. Raises msgspec.ValidationError when they are something else."""
    return msgspec.msgpack.decode(body, type=DeskCard)

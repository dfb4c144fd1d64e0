"""Reads whom a search is for: a conversation, a note, a contact or a case, named in an address and kept nowhere."""

from dataclasses import dataclass

from portal.directory.referral import ABOUT, About
from portal.ids import from_text, to_text


@dataclass(frozen=True, slots=True)
class Regarding:
    """What a referral belongs to; nothing where `about` is empty."""

    about: About = ""
    id: bytes = b""

    def __repr__(self) -> str:
        return "Regarding(...)"

    @property
    def text(self) -> str:
        """As it is written in an address; empty for nothing."""
        return f"{self.about}.{to_text(self.id)}" if self.about else ""


def read_regarding(written: str) -> Regarding:
    """What an address names, `tip.` or `case.` and an id; nothing for what names none."""
    kind, _, name = written.partition(".")
    known = [each for each in ABOUT if each and each == kind]
    if not known:
        return Regarding()
    try:
        return Regarding(known[0], from_text(name, 16))
    except ValueError:
        return Regarding()

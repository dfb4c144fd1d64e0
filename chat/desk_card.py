"""What staff know of a conversation and its visitor's page never hears: one small card under the staff key."""

from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from chat.protocol.kinds import Danger, Outcome
from portal.vault.desk_cards import open_desk_card, seal_desk_card
from portal.vault.errors import SealBroken


class DeskCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The card as it is sealed. `lost`: what stood there before went in a power cut, and nobody knows what it was.

    `stages`: those the talk has gone through, so that whoever holds her next need not begin anew.
    """

    danger: Danger | Literal[""] = ""
    danger_ms: int = 0
    who: str = ""
    outcome: Outcome | Literal[""] = ""
    other_ms: int = 0  # since when somebody else may be writing; 0: nobody thinks so
    lost: bool = False
    child: bool = False
    stages: tuple[str, ...] = ()
    recorded: bool = False  # her record is in the book
    steps: tuple[str, ...] = ()  # those that were done while this danger lasts, each behind the kind it belongs to

    def __repr__(self) -> str:
        return "DeskCard(...)"

    @property
    def is_in_danger(self) -> bool:
        """Marked, and not over."""
        return bool(self.danger) and not self.outcome

    @property
    def may_be_other(self) -> bool:
        """Somebody else may be writing; so too where it was lost whether anybody thought so."""
        return self.lost or bool(self.other_ms)

    @property
    def done(self) -> tuple[str, ...]:
        """The steps of the kind that is marked now: who comes back to it finds them as they were."""
        kind = f"{self.danger}."
        return tuple(step.removeprefix(kind) for step in self.steps if step.startswith(kind))

    def stepped(self, step: str, *, is_set: bool) -> "DeskCard":
        """The card with a step of its danger ticked, or without. Said twice it is the same."""
        named = f"{self.danger}.{step}"
        others = tuple(each for each in self.steps if each != named)
        return replace(self, steps=(*others, named) if is_set else others)

    def ticked(self, of: str, *, is_set: bool) -> "DeskCard":
        """The card with a stage ticked, or `child`; or without. Said twice it is the same."""
        if of == "child":
            return replace(self, child=is_set)
        others = tuple(stage for stage in self.stages if stage != of)
        return replace(self, stages=(*others, of) if is_set else others)


BLANK: Final = DeskCard()
_decoder = msgspec.json.Decoder(DeskCard)


def write_desk_card(card: DeskCard, staff_key: bytes, conversation: bytes) -> bytes:
    """The card as it is kept."""
    return seal_desk_card(staff_key, conversation, msgspec.json.encode(card))


def read_desk_card(sealed: bytes, staff_key: bytes, conversation: bytes) -> DeskCard:
    """The card; blank where none was written. One that does not open any more is blank, and says that it was lost."""
    if not sealed:
        return BLANK
    try:
        return _decoder.decode(open_desk_card(staff_key, conversation, sealed))
    except SealBroken:
        return DeskCard(lost=True)

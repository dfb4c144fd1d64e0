"""Decides which openings of a tip need a stated reason, and lists the reasons there are."""

from collections.abc import Collection
from enum import StrEnum

from tips.tip import Status, Urgency
from tips.work.card import DeskCard
from tips.work.deeds import NOBODY, asks_me


class Reason(StrEnum):
    """Why somebody opens a tip that is not hers to open. A short list: its word stands in the audit trail, clear."""

    ASKED = "asked"  # whoever has it asked her
    COVER = "cover"  # she stands in for whoever has it
    SENDER = "sender"  # its sender is in touch now
    LINKED = "linked"  # another tip or call may be about the same
    CHECK = "check"  # a look at how it was handled
    LAW = "law"  # a report, an order or a request by its sender


def needs_reason(
    status: Status,
    urgency: Urgency,
    desk: DeskCard,
    *,
    me: bytes,
    supervises: bool,
    here: Collection[bytes],
    closed_it: bool = False,
) -> bool:
    """Whether this person has to say why she opens this tip.

    `here`: everybody who works on tips now; `closed_it`: she closed it herself, and nobody has set its status since.

    Free is what is hers (assigned, or her eyes are asked for), what is nobody's and open, for that is how tips are
    looked through, what is with somebody who left, and what is happening now and unread, whoever has it.
    """
    if desk.assignee == me or asks_me(desk.eyes, me, supervises=supervises):
        return False
    if status is Status.CLOSED:
        return not closed_it
    if urgency is Urgency.NOW and status is Status.NEW:
        return False
    return desk.assignee != NOBODY and desk.assignee in here


def reason_of(word: str) -> Reason | None:
    """The reason of this word; None for one that is not on the list."""
    return next((reason for reason in Reason if reason.value == word), None)

"""Writes the rows a desk is shown: the card of a conversation, and its row in the queue."""

from chat.card import Answers
from chat.conversation import Facts
from chat.desk_card import DeskCard
from chat.protocol.rows import Card, Waiting
from chat.queue import Tier, tier_of
from chat.surge import Shown
from portal.handover import NoteName
from portal.ids import to_text


def card_for_desk(
    answers: Answers, ours: DeskCard, now_ms: int, note: NoteName | None = None, *, may_open: bool = False
) -> Card:
    """The card as the desk shows it, with what staff marked: ages, never a time of day.

    `note`: what the talk began from; its name is told only to somebody who may open it.
    """
    return Card(
        language=answers.language,
        safe=answers.get("safe"),
        safe_s=max(0, now_ms - answers.safe_ms) // 1000 if answers.get("safe") else 0,
        about=answers.get("about"),
        cutoff=answers.get("cutoff"),
        phone=answers.get("phone"),
        reads=answers.get("reads"),
        name=answers.get("name"),
        region=answers.get("region"),
        spoken=answers.spoken,
        kin=answers.kin,
        way=answers.way,
        back=answers.back,
        danger=ours.danger,
        danger_s=max(0, now_ms - ours.danger_ms) // 1000 if ours.danger else 0,
        who=ours.who,
        outcome=ours.outcome,
        child=ours.child,
        stages=ours.stages,
        steps=ours.done,
        recorded=ours.recorded,
        other=ours.may_be_other,
        other_s=max(0, now_ms - ours.other_ms) // 1000 if ours.other_ms else 0,
        wrote=note is not None,
        note=to_text(note.id) if note is not None and may_open else "",
        day=note.day.isoformat() if note is not None and may_open else "",
    )


def queue_row(shown: Shown, place: int, facts: Facts, answers: Answers, ours: DeskCard, now_ms: int) -> Waiting:
    """One row of the queue."""
    return Waiting(
        conversation=to_text(shown.conversation),
        place=place,
        waited_s=max(0, now_ms - facts.arrived_ms) // 1000,
        language=answers.language,
        safe=answers.get("safe"),
        about=answers.get("about"),
        name=answers.get("name"),
        # It may be somebody else who is back; who takes her sees that, and may look at the place then.
        region="" if answers.back == "held" or ours.may_be_other else answers.get("region"),
        words=facts.words,
        returned=tier_of(shown.rank) is Tier.RETURNED,
        danger=ours.is_in_danger,
        heap=shown.heap,
        like=shown.like,
        lot=shown.is_drawn,
        other=ours.may_be_other,
        kin=bool(answers.kin),
    )

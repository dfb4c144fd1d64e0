"""Decides how far a conversation has come, for whoever has only so many places to give."""

from chat.conversation import Facts
from chat.queue import Tier
from portal.crowd import Stage

Share = Stage


def share_of(facts: Facts) -> Share:
    """Nothing said yet, in line, or open: one that an advocate has held stays open, also while it waits again."""
    if facts.standing != "waiting" or facts.tier == Tier.RETURNED:
        return "open"
    return "waiting" if facts.has_spoken else "unspoken"

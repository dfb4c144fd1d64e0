"""Says in the gate's words what a reporter agreed to in her tip, so that one rule decides what of it may leave."""

from collections.abc import Collection
from datetime import date
from typing import Final

from portal.consent.rule import Agreement
from portal.consent.terms import LEVELS, Kind, Purpose, Recipient, Subject, What, Whom
from tips.consents import Consent, Identity, Standing

TOLD: Final = frozenset({What.STORY, What.NEEDS, What.PLACE, What.OTHERS, What.WORDS})
"""What she told, without who she is."""

WHO: Final = frozenset({What.NAME, What.REACH, What.PERSON})
"""Who she is."""

POLICE: Final = Recipient(Whom.POLICE, LEVELS[0])
"""She was asked about the police, and not about which of them."""


def agreements(standing: Standing, tip: bytes, asked: Recipient) -> list[Agreement]:
    """What is live, as the gate reads it where `asked` is to have something.

    Of two answers that do not fit together the more careful one counts: who she is goes with what she told or not at
    all, and only where she chose that her name may be passed on. The form names no service: her yes to one is a yes
    to each that can help her.
    """
    names = standing.identity is Identity.SHARE_OK
    found = []
    if standing.allows(Consent.FACTS):
        what = TOLD | WHO if names and standing.allows(Consent.IDENTITY) else TOLD
        found.append(_yes(tip, Consent.FACTS, POLICE, what, Purpose.REPORT))
    if standing.allows(Consent.SERVICE) and asked.whom is Whom.ORGANISATION:
        found.append(_yes(tip, Consent.SERVICE, asked, TOLD | WHO if names else TOLD, Purpose.HELP))
    return found


def _yes(tip: bytes, consent: Consent, to: Recipient, what: Collection[What], purpose: Purpose) -> Agreement:
    # A tip's consent has no last day of its own: it ends when she takes it back, or with the tip.
    return Agreement(
        id=consent.value.encode(),
        about=Subject(Kind.TIP, tip),
        to=to,
        what=frozenset(what),
        purpose=purpose,
        until=date.max,
    )

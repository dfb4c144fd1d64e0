"""A consent and a decision as a house writes them down, with words in them that a search of a disk would find."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace as changed

from portal.consent.record import Consent
from portal.consent.terms import Basis, Kind, Purpose, Recipient, Subject, Way, What, Whom
from portal.duty.decision import Decision

CASE: Final = Subject(Kind.CASE, b"c" * 16)
SHELTER: Final = Recipient(Whom.ORGANISATION, "hope-house")
POLICE: Final = Recipient(Whom.POLICE, "municipal")


def yes(day: date, **differs: object) -> Consent:
    given = Consent(
        version=1,
        kind=CASE.kind,
        subject=CASE.id,
        whom=SHELTER.whom,
        to_key=SHELTER.key,
        to_name="Kestrel House",
        what=(What.STORY, What.NAME),
        purpose=Purpose.HELP,
        day=day,
        until=day + timedelta(days=30),
        language="es",
        way=Way.CHAT,
        by="Robin",
        who="Ana Kestrel",
    )
    return changed(given, **differs)


def decision(day: date, **differs: object) -> Decision:
    written = Decision(
        version=1,
        kind=CASE.kind,
        subject=CASE.id,
        basis=Basis.MINOR,
        plan="report",
        whom=POLICE.whom,
        to_key=POLICE.key,
        what=(What.STORY, What.NAME),
        grounds="The kestrel is fifteen.",
        harm_of_telling="He may learn of it.",
        harm_of_silence="It goes on.",
        day=day,
        by="Robin",
    )
    return changed(written, **differs)

"""Says what a reporter agreed to, and when: entries that are only ever added, never a flag that is overwritten.

A report has to say what was live at its hour, so each tap is one sealed entry, and taking back is one more of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec


class Consent(StrEnum):
    """What may be agreed to. Each stands for itself, and none is given by another."""

    CONTACT = "contact"  # the hotline may reach the reporter the way she left
    FACTS = "facts_to_police"  # what she told, without who she is
    IDENTITY = "identity_to_police"  # who she is
    SERVICE = "to_service"  # both, to a service that can help


class Identity(StrEnum):
    """Who may know who the reporter is. Nothing chosen is `ANONYMOUS`."""

    SHARE_OK = "share_ok"
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"


# From the least careful to the most.
_CAREFUL: Final = (Identity.SHARE_OK, Identity.CONFIDENTIAL, Identity.ANONYMOUS)


class How(StrEnum):
    """Where an entry was made."""

    FORM = "form"
    VISIT = "visit"
    TALK = "talk"
    PHONE = "phone"


class Entry(msgspec.Struct, frozen=True):
    """What was said at one moment, in one language. Sealed; the exact time lives only in here.

    `said` names consents by what they are called once sealed; `identity` is empty where nothing was said about it.
    """

    at: datetime
    how: str
    language: str
    said: dict[str, bool] = {}
    identity: str = ""

    def __repr__(self) -> str:
        return "Entry(...)"


@dataclass(frozen=True)
class Standing:
    """What is live: the identity choice, when each live consent was given, and which were ever asked for."""

    identity: Identity
    given: Mapping[Consent, datetime]
    asked: frozenset[Consent]

    def allows(self, consent: Consent) -> bool:
        """Whether this consent is live. What was never asked is not."""
        return consent in self.given


def first_entry(
    given: frozenset[Consent], identity: Identity | None, *, how: How, language: str, at: datetime
) -> Entry:
    """What a sent form says of all of them at once; a blank means no. In a chat nothing was asked: nothing is said."""
    said = {} if how is How.TALK else {consent.value: consent in given for consent in Consent}
    return Entry(at, how.value, language, said, "" if identity is None else identity.value)


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """As they were said."""
    return sorted(entries, key=lambda entry: entry.at)


def live(entries: Iterable[Entry], at: datetime | None = None) -> Standing:
    """What was live at this hour, or is now. Consents and choices this house does not know count for nothing.

    Of two words at one moment the more careful one counts: the no, and the fewer people.
    """
    said = [entry for entry in in_order(entries) if at is None or entry.at <= at]
    chosen = [(entry.at, _CAREFUL.index(entry.identity)) for entry in said if entry.identity in _CAREFUL]
    given, refused = dict[Consent, datetime](), dict[Consent, datetime]()
    for entry in said:
        for consent in Consent:
            match entry.said.get(consent.value):
                case True if refused.get(consent) != entry.at:
                    given.setdefault(consent, entry.at)
                case False:
                    refused[consent] = entry.at
                    given.pop(consent, None)
    asked = frozenset(consent for consent in Consent if any(consent.value in entry.said for entry in said))
    return Standing(_CAREFUL[max(chosen)[1]] if chosen else Identity.ANONYMOUS, given, asked)


def narrowed(standing: Standing, others: Iterable[Iterable[Entry]]) -> Standing:
    """The same, less what the same person said since in other tips of hers; `others` are the entries of each.

    That tips are of one person is what staff think. So what was said in another one takes away and never gives.
    """
    given, careful = dict(standing.given), _CAREFUL.index(standing.identity)
    for entries in others:
        said = in_order(entries)
        for consent, at in standing.given.items():
            last = [(entry.at, not entry.said[consent.value]) for entry in said if consent.value in entry.said]
            if last and max(last)[1] and max(last)[0] > at:
                given.pop(consent, None)
        chosen = [(entry.at, _CAREFUL.index(entry.identity)) for entry in said if entry.identity in _CAREFUL]
        careful = max(careful, max(chosen)[1]) if chosen else careful
    return Standing(_CAREFUL[careful], given, standing.asked)


def is_news(sent: Entry, known: Iterable[Entry]) -> bool:
    """Whether a form that came once more says something it did not say before.

    The same form again is no news, also when something was taken back since: a late copy of it on a bad line must not
    give again what she took.
    """
    before = list(known)
    if any((was.said, was.identity) == (sent.said, sent.identity) for was in before):
        return False
    standing = live(before)
    is_otherwise = any(yes != standing.allows(Consent(name)) for name, yes in sent.said.items())
    return is_otherwise or sent.identity not in ("", standing.identity.value)

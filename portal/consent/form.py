"""Reads what a person agreed to out of the desk's form, or says what of it is missing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from portal.consent.about import About
from portal.consent.record import NAME_LIMIT, NOTE_LIMIT, VERSION, Consent
from portal.consent.rule import NOBODY
from portal.consent.terms import FITS, LEVELS, Purpose, Recipient, Way, What, Whom
from portal.errors import NotThere
from portal.ids import from_text
from portal.staff.forms import FormWrong
from portal.web.forms import Form
from portal.web.sanitise import strip_markup, tidy_text

LASTS: Final = (0, 7, 30, 90, 365)
"""Days a consent may stand; none stands for longer than a year. Nothing is for ever; no day has to be looked up."""

USUAL: Final = 30
FIELDS: Final = ("to", "name", "purpose", "lasts", "language", "way", "person", "who", "note", "row", "about")

OFFICES: Final[Mapping[str, Recipient]] = MappingProxyType(
    {
        **{f"police.{level}": Recipient(Whom.POLICE, level) for level in LEVELS},
        **{whom.value: Recipient(whom) for whom in (Whom.CHILD_PROTECTION, Whom.HERSELF)},
    }
)
"""Readers who are the same for everybody, by their word in the form."""

PERSON: Final = Whom.PERSON.value
ORGANISATION: Final = f"{Whom.ORGANISATION}."


@dataclass(frozen=True, slots=True)
class Written:
    """Who writes it down, and on which day. `services`: the name of each service of the form, by its id."""

    alias: str
    day: date
    services: Mapping[str, str]
    languages: Collection[str]


def read_consent_form(form: Form, about: About, written: Written) -> Consent:
    """The consent. Raises FormWrong."""
    wrongs: dict[str, str] = {}
    to, name = _reader(form, written.services)
    what = tuple(each for each in What if each.value in form.many("what"))
    purpose = None if to is None else _purpose(form.get("purpose", ""), to.whom)
    way = next((each for each in Way if each.value == form.get("way", "")), None)
    lasts = next((days for days in LASTS if str(days) == form.get("lasts", "")), None)
    person = person_of(form.get("person", ""), about)
    who, note = _words(form, "who", NAME_LIMIT, wrongs), _words(form, "note", NOTE_LIMIT, wrongs)
    language = form.get("language", "")
    missing: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("to", lambda: to is None or not to.is_whole or len(name) > NAME_LIMIT),
        ("what", lambda: not what),
        ("purpose", lambda: to is not None and purpose is None),
        ("way", lambda: way is None),
        ("lasts", lambda: lasts is None),
        ("language", lambda: language not in written.languages),
        ("person", lambda: person is None),
    )
    wrongs |= {field: f"gate.wrong.{field}" for field, is_missing in missing if is_missing()}
    if wrongs or to is None or purpose is None or way is None or lasts is None or person is None:
        raise FormWrong(wrongs)
    return Consent(
        version=VERSION,
        kind=about.subject.kind,
        subject=about.subject.id,
        whom=to.whom,
        to_key=to.key,
        to_name=name,
        what=what,
        purpose=purpose,
        day=written.day,
        until=written.day + timedelta(days=lasts),
        language=language,
        way=way,
        by=written.alias,
        who=who,
        note=note,
        person=person,
    )


def _reader(form: Form, services: Mapping[str, str]) -> tuple[Recipient | None, str]:
    """Who is to have it, and as she was told: the name of a service, or of a person. None for nobody we know."""
    to = form.get("to", "")
    if to == PERSON:
        name = _tidy(form.get("name", ""))
        return Recipient(Whom.PERSON, name), name
    if to.startswith(ORGANISATION):
        row = to.removeprefix(ORGANISATION)
        return (Recipient(Whom.ORGANISATION, row), services[row]) if row in services else (None, "")
    return OFFICES.get(to), ""


def _purpose(chosen: str, whom: Whom) -> Purpose | None:
    """What was ticked, where it fits the reader; where only one fits, and nothing was ticked, that."""
    fitting = FITS[whom]
    if not chosen and len(fitting) == 1:
        return fitting[0]
    return next((each for each in fitting if each.value == chosen), None)


def person_of(typed: str, about: About) -> bytes | None:
    """Whose consent it is: of a case's people one, or whoever made contact; None for a stranger."""
    try:
        return about.key_of(from_text(typed, 16) if typed else NOBODY)
    except (ValueError, NotThere):
        return None


def _words(form: Form, name: str, limit: int, wrongs: dict[str, str]) -> str:
    words = _tidy(form.get(name, ""))
    if len(words) > limit:
        wrongs[name] = "gate.wrong.long"
    return words


def _tidy(words: str) -> str:
    return " ".join(tidy_text(strip_markup(words)).split())

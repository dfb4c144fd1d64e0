"""Reads the forms of the directory into typed entries, and writes entries into them, or says which fields to mend."""

import re
import unicodedata
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import urlsplit

from i18n.languages import LANGUAGES
from portal.directory import kinds
from portal.directory.entry import Open, Organisation, Phone, Service
from portal.directory.phones import NoNumber, read_phone
from portal.staff.forms import FormWrong
from portal.web.forms import Form
from portal.web.sanitise import strip_markup, tidy_text

LONGEST: Final = 160
LONGEST_TEXT: Final = 600
ROWS: Final = 8
"""Telephone numbers, and times of the week, an entry may have."""
MOST_PLACES: Final = 40

_LINES: Final = ("name", "also", "hours_note", "email", "website", "eligibility", "how", "cost_note", "safe_ways")
_TICKS: Final = {
    "areas": kinds.AREAS,
    "phases": kinds.PHASES,
    "needs": kinds.NEEDS,
    "populations": kinds.POPULATIONS,
}
_MARKS: Final = ("interprets", "is_always", "shows_address", "is_public", "is_partner", "is_closed")
_MAIL: Final = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]{1,90}")
_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")

Typed = tuple[dict[str, str], dict[str, list[str]]]
"""What stands in a form: fields by name, and what is ticked by name."""


def read_organisation_form(form: Form) -> Organisation:
    """The organisation that was typed. Raises FormWrong."""
    wrongs: dict[str, str] = {}
    name, also, email, website = (_line(form, each) for each in ("name", "also", "email", "website"))
    about = _text(form.get("about", ""))
    _measure(wrongs, {"name": name, "also": also, "email": email, "website": website}, {"about": about})
    kind = _one(form.get("kind", ""), kinds.KINDS)
    if not kind:
        wrongs["kind"] = "directory.wrong.kind"
    if wrongs:
        raise FormWrong(wrongs)
    sub = _one(form.get("sub", ""), kinds.SUBKINDS.get(kind, ()))
    return Organisation(name=name, kind=kind, sub=sub, also=also, about=about, email=email, website=website)


def read_service_form(form: Form, country: str) -> Service:
    """The service that was typed; `country`: of numbers without one. Raises FormWrong."""
    wrongs: dict[str, str] = {}
    lines = {name: _line(form, name) for name in _LINES}
    address = _text(form.get("address", ""))
    about = {tag: words for tag in LANGUAGES if (words := _text(form.get(f"about.{tag}", "")))}
    _measure(wrongs, lines, {"address": address, **{f"about.{tag}": words for tag, words in about.items()}})
    phones, hours = _phones(form, country, wrongs), _hours(form, wrongs)
    ages = [_age(form.get(name, "")) for name in ("youngest", "oldest")]
    if None in ages:
        wrongs["youngest"] = "directory.wrong.age"
    if wrongs:
        raise FormWrong(wrongs)
    several: dict[str, Any] = {name: _many(form.many(name), codes) for name, codes in _TICKS.items()}
    several |= {**lines, **{name: form.get(name) == "yes" for name in _MARKS}}
    return Service(
        **several,
        original=_one(form.get("original", ""), LANGUAGES) or "en",
        about=about,
        regions=_many(form.many("regions"), kinds.regions()),
        languages=_many(form.many("languages"), kinds.tongues()),
        places=_places(form.get("places", "")),
        phones=phones,
        hours=hours,
        address=address,
        youngest=ages[0] or 0,
        oldest=ages[1] or 0,
        cost=_one(form.get("cost", ""), kinds.COSTS),
    )


def organisation_typed(entry: Organisation | None) -> Typed:
    """What stands in the form of an organisation; for none, nothing."""
    names = ("name", "also", "kind", "sub", "about", "email", "website")
    return ({} if entry is None else {name: str(getattr(entry, name)) for name in names}), {}


def service_typed(entry: Service | None) -> Typed:
    """The same of a service."""
    if entry is None:
        return {"original": "en"}, {}
    typed = {name: str(getattr(entry, name)) for name in (*_LINES, "address", "original", "cost")}
    typed |= {f"about.{tag}": words for tag, words in entry.about.items()}
    typed["places"] = ", ".join(entry.places)
    typed |= {name: str(getattr(entry, name) or "") for name in ("youngest", "oldest")}
    typed |= {name: "yes" for name in _MARKS if getattr(entry, name)}
    ticked = {name: list(getattr(entry, name)) for name in (*_TICKS, "regions", "languages")}
    for at, phone in enumerate(entry.phones):
        typed |= {f"phone{at}": phone.number, f"ext{at}": phone.extension, f"kind{at}": phone.kind}
        typed[f"pnote{at}"] = phone.note
    for at, hours in enumerate(entry.hours):
        ticked[f"days{at}"] = [str(day) for day in hours.days]
        typed |= {f"opens{at}": _shown(hours.opens), f"closes{at}": _shown(hours.closes)}
    return typed, ticked


def typed_again(form: Form) -> Typed:
    """What was posted, to stand in the form once more."""
    several = {name: form.many(name) for name in form if name in _TICKS or name.startswith(("days", "reg", "lang"))}
    single = {name: form[name][: 2 * LONGEST_TEXT] for name in form if name not in several and name != "csrf"}
    return single, several


def _measure(wrongs: dict[str, str], lines: dict[str, str], texts: dict[str, str]) -> None:
    wrongs |= {name: "directory.wrong.long" for name, words in lines.items() if len(words) > LONGEST}
    wrongs |= {name: "directory.wrong.long" for name, words in texts.items() if len(words) > LONGEST_TEXT}
    if not lines["name"]:
        wrongs["name"] = "directory.wrong.name"
    if lines["website"] and not is_address(lines["website"]):
        wrongs["website"] = "directory.wrong.website"
    if lines["email"] and not _MAIL.fullmatch(lines["email"]):
        wrongs["email"] = "directory.wrong.email"


def is_address(typed: str) -> bool:
    """Whether this is a web address somebody may be sent to: a plain one, with no name and no password in it."""
    try:
        parts = urlsplit(typed)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and " " not in typed


def _phones(form: Form, country: str, wrongs: dict[str, str]) -> tuple[Phone, ...]:
    phones = []
    for at in range(ROWS):
        typed = _line(form, f"phone{at}")
        if not typed:
            continue
        try:
            number = read_phone(typed, country)
        except NoNumber:
            wrongs[f"phone{at}"] = "desk.wrong.phone"
            continue
        extension, note = _line(form, f"ext{at}")[:12], _line(form, f"pnote{at}")[:LONGEST]
        kind = _one(form.get(f"kind{at}", ""), kinds.PHONE_KINDS) or "voice"
        phones.append(Phone(number, extension, kind, note))
    return tuple(phones)


def _hours(form: Form, wrongs: dict[str, str]) -> tuple[Open, ...]:
    hours = []
    for at in range(ROWS):
        days = tuple(int(day) for day in _many(form.many(f"days{at}"), "0123456"))
        opens, closes = (read_clock(form.get(f"{name}{at}", "")) for name in ("opens", "closes"))
        if not days and opens is None and closes is None:
            continue
        if not days or opens is None or closes is None:
            wrongs[f"opens{at}"] = "directory.wrong.hours"
            continue
        hours.append(Open(days, opens, closes))
    return tuple(hours)


def read_clock(typed: str) -> int | None:
    """Minutes from midnight; None for what is no time of day."""
    found = _CLOCK.fullmatch(typed.strip())
    minutes = None if found is None else int(found[1]) * 60 + int(found[2])
    return minutes if minutes is None or minutes <= 24 * 60 else None


def _shown(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _places(typed: str) -> tuple[str, ...]:
    # Arabic, Persian and Chinese have commas of their own.
    named = (" ".join(each.split())[:60] for each in re.split(r"[,;،、，\n]", tidy_text(strip_markup(typed))))
    return tuple(dict.fromkeys(each for each in named if each))[:MOST_PLACES]


def _age(typed: str) -> int | None:
    typed = typed.strip()
    if not typed:
        return 0
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else None


def _one(typed: str, codes: Collection[str]) -> str:
    return typed if typed in codes else ""


def _many(typed: list[str], codes: Collection[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code in typed)


def _line(form: Form, name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", strip_markup(form.get(name, ""))).split())


def _text(typed: str) -> str:
    return tidy_text(strip_markup(typed))

"""Turns a service of the standard into an entry of ours, and an entry into a service of the standard.

What the standard has no field for goes as an attribute of a taxonomy of ours, so that a directory of this house comes
back as it was, and another one may pass over it.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from i18n.languages import LANGUAGES
from portal.directory import kinds
from portal.directory.entry import Open, Organisation, Phone, Service
from portal.directory.form import LONGEST, LONGEST_TEXT, MOST_PLACES, ROWS, is_address, read_clock
from portal.directory.hsds.package import Object
from portal.directory.phones import NoNumber, read_phone

OURS: Final = "porchlight"
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PHONES: Final = {"text": "text", "sms": "text", "fax": "fax", "tty": "tty", "textphone": "tty"}
_CODES: Final = {
    "areas": kinds.AREAS,
    "phases": kinds.PHASES,
    "needs": kinds.NEEDS,
    "populations": kinds.POPULATIONS,
    "regions": kinds.regions(),
    "languages": kinds.tongues(),
}
_FLAGS: Final = ("interprets", "is_always", "shows_address", "is_public", "is_partner")
_WORDS: Final = ("safe_ways", "cost", "original")


class Refused(ValueError):
    """A service that cannot be taken in, and why: a sentence."""


@dataclass(frozen=True, slots=True)
class Came:
    """What a service says. `passed_over`: what of it could not be read, a sentence each."""

    id: bytes
    service: Service
    organisation_id: bytes
    organisation: Organisation
    reviewed: str
    passed_over: tuple[str, ...] = field(default=())


def id_of(written: str) -> bytes:
    """Sixteen bytes for an id of another directory: of a UUID its own, of any other text always the same."""
    try:
        return UUID(written).bytes
    except ValueError:
        return uuid5(NAMESPACE_URL, written).bytes


def read_service(told: Object, country: str, today: date) -> Came:
    """The entry. Raises Refused."""
    name, key, owner = _line(told, "name"), _text(told, "id"), told.get("organization")
    if not key:
        raise Refused("it has no id")
    if not name:
        raise Refused("it has no name")
    if not isinstance(owner, dict) or not _text(owner, "id") or not _line(owner, "name"):
        raise Refused("its organization is not in the file, or has no id or name")
    wrongs: list[str] = []
    ours = _ours(told)
    original = ours.get("original", ["en"])[0]
    several: dict[str, Any] = {
        each: tuple(code for code in _CODES[each] if code in ours.get(each, ())) for each in _CODES
    }
    several["languages"] = several["languages"] or _tongues(told, wrongs)
    several |= {each: "yes" in ours.get(each, ()) for each in _FLAGS}
    places, address = _places(told), _address(told)
    about = {tag: given[0][:LONGEST_TEXT] for tag in LANGUAGES if (given := ours.get(f"about.{tag}"))}
    if words := _text(told, "description")[:LONGEST_TEXT]:
        about[original if original in LANGUAGES else "en"] = words
    cost = ours.get("cost", [""])[0]
    service = Service(
        name=name,
        also=_line(told, "alternate_name"),
        original=original if original in LANGUAGES else "en",
        about=about,
        places=places,
        phones=_phones(told, country, wrongs),
        hours=_hours(told),
        hours_note=next((line for each in _each(told, "schedules") if (line := _line(each, "description"))), ""),
        email=_line(told, "email"),
        website=site if is_address(site := _line(told, "url")) else "",
        address=address,
        safe_ways=ours.get("safe_ways", [""])[0][:LONGEST],
        eligibility=_line(told, "eligibility_description"),
        youngest=_age(told, "minimum_age"),
        oldest=_age(told, "maximum_age"),
        how=_line(told, "application_process"),
        cost=cost if cost in kinds.COSTS else "",
        cost_note=_line(told, "fees_description"),
        is_closed=_text(told, "status") in ("inactive", "defunct", "temporarily closed"),
        **several,
    )
    reviewed = _day(told, today)
    return Came(id_of(key), service, id_of(_text(owner, "id")), _organisation(owner), reviewed, tuple(wrongs))


def write_service(at: Came, *, with_address: bool) -> Object:
    """The entry as the standard has it. An address kept to staff goes only `with_address`."""
    service, key = at.service, UUID(bytes=at.id)
    told: Object = {"id": str(key), "name": service.name, "status": "inactive" if service.is_closed else "active"}
    words = {
        "alternate_name": service.also,
        "description": service.about.get(service.original, ""),
        "url": service.website,
        "email": service.email,
        "application_process": service.how,
        "fees_description": service.cost_note,
        "eligibility_description": service.eligibility,
        "assured_date": at.reviewed,
    }
    told |= {name: said for name, said in words.items() if said}
    told |= {n: age for n, age in (("minimum_age", service.youngest), ("maximum_age", service.oldest)) if age}

    def named(what: str) -> str:
        return str(uuid5(key, what))

    lists: Object = {
        "phones": [
            {"id": named(f"phone.{at}"), "number": each.number, "type": each.kind}
            | ({"extension": each.extension} if each.extension else {})
            | ({"description": each.note} if each.note else {})
            for at, each in enumerate(service.phones)
        ],
        "languages": [{"id": named(f"language.{tag}"), "code": tag, "name": tag} for tag in service.languages],
        "schedules": _schedules(service, named),
        "service_areas": [{"id": named(f"area.{each}"), "name": each} for each in service.places],
        "attributes": [
            {
                "id": named(f"attribute.{of}.{value}"),
                "value": value,
                "taxonomy_term": {
                    "id": str(uuid5(NAMESPACE_URL, f"{OURS}.{of}")),
                    "code": of,
                    "name": of,
                    "description": of,
                    "taxonomy": OURS,
                },
            }
            for of, value in _ours_of(service)
        ],
    }
    if service.address and (service.shows_address or with_address):
        place = {"id": named("address"), "address_1": service.address, "address_type": "physical"}
        where = {"id": named("location"), "location_type": "physical", "addresses": [place]}
        lists["service_at_locations"] = [{"id": named("at"), "location": where}]
    told |= {name: many for name, many in lists.items() if many}
    return {**told, "organization": write_organisation(at.organisation_id, at.organisation)}


def write_organisation(row: bytes, organisation: Organisation) -> Object:
    """An organisation as the standard has it; its kind is the standard's own legal status, in our words."""
    words = {"alternate_name": organisation.also, "email": organisation.email, "website": organisation.website}
    told = {"id": str(UUID(bytes=row)), "name": organisation.name, "description": organisation.about}
    kind = ".".join(each for each in (organisation.kind, organisation.sub) if each)
    return {**told, **{name: said for name, said in words.items() if said}, "legal_status": kind}


def _organisation(told: Object) -> Organisation:
    kind, _, sub = _text(told, "legal_status").partition(".")
    known = kind if kind in kinds.KINDS else "ngo"
    return Organisation(
        name=_line(told, "name"),
        kind=known,
        sub=sub if known == kind and sub in kinds.SUBKINDS.get(known, ()) else "",
        also=_line(told, "alternate_name"),
        about=_text(told, "description")[:LONGEST_TEXT],
        email=_line(told, "email"),
        website=site if is_address(site := _line(told, "website")) else "",
    )


def _ours_of(service: Service) -> list[tuple[str, str]]:
    codes = ("areas", "phases", "needs", "populations", "regions")
    said = [(name, code) for name in codes for code in getattr(service, name)]
    said += [(name, "yes") for name in _FLAGS if getattr(service, name)]
    said += [
        (name, value) for name in _WORDS if (value := getattr(service, name)) and (name, value) != ("original", "en")
    ]
    return said + [(f"about.{tag}", words) for tag, words in service.about.items() if tag != service.original]


def is_ours(attribute: Object) -> bool:
    """Whether an attribute is of our own taxonomy."""
    term = attribute.get("taxonomy_term")
    return isinstance(term, dict) and _text(term, "taxonomy") == OURS


def _ours(told: Object) -> dict[str, list[str]]:
    """What stands in it as an attribute of ours."""
    found: dict[str, list[str]] = {}
    for each in _each(told, "attributes"):
        if is_ours(each):
            found.setdefault(_text(each["taxonomy_term"], "code"), []).append(_text(each, "value"))
    return found


def _schedules(service: Service, named: Any) -> list[Object]:  # Any: a function of the caller's own
    said = {"description": service.hours_note} if service.hours_note else {}
    rows: list[Object] = [
        {
            "id": named(f"hours.{at}"),
            "freq": "WEEKLY",
            "byday": ",".join(DAYS[day] for day in each.days),
            "opens_at": f"{each.opens // 60:02}:{each.opens % 60:02}",
            "closes_at": f"{each.closes // 60:02}:{each.closes % 60:02}",
            **said,
        }
        for at, each in enumerate(service.hours)
    ]
    return rows or ([{"id": named("hours"), **said}] if said else [])


def _hours(told: Object) -> tuple[Open, ...]:
    found = []
    for each in _each(told, "schedules"):
        days = tuple(at for at, day in enumerate(DAYS) if day in _text(each, "byday").replace(" ", "").split(","))
        opens, closes = (read_clock(_text(each, name)[:5]) for name in ("opens_at", "closes_at"))
        if days and opens is not None and closes is not None:
            found.append(Open(days, opens, closes))
    return tuple(dict.fromkeys(found))[:ROWS]


def _phones(told: Object, country: str, wrongs: list[str]) -> tuple[Phone, ...]:
    found = []
    for each in _each(told, "phones"):
        try:
            number = read_phone(_text(each, "number"), country)
        except NoNumber:
            wrongs.append("a telephone number cannot be read")
            continue
        kind = _PHONES.get(_text(each, "type").lower(), "voice")
        found.append(Phone(number, _text(each, "extension")[:12], kind, _line(each, "description")))
    return tuple(dict.fromkeys(found))[:ROWS]


def _tongues(told: Object, wrongs: list[str]) -> tuple[str, ...]:
    known, said = kinds.tongues(), [_text(each, "code") or _text(each, "name") for each in _each(told, "languages")]
    wrongs += [f"the language {each[:12]!r} is none we know" for each in said if each not in known]
    return tuple(tag for tag in known if tag in said)


def _places(told: Object) -> tuple[str, ...]:
    areas = (_line(each, "name")[:60] for each in _each(told, "service_areas"))
    towns = (_line(each, "city")[:60] for each in _all_addresses(told))
    return tuple(dict.fromkeys(each for each in (*areas, *towns) if each))[:MOST_PLACES]


def _address(told: Object) -> str:
    parts = ("address_1", "address_2", "city", "state_province", "postal_code")
    found = ["\n".join(line for part in parts if (line := _line(each, part))) for each in _all_addresses(told)]
    return found[0][:LONGEST_TEXT] if found else ""


def _all_addresses(told: Object) -> list[Object]:
    at = [each.get("location") for each in _each(told, "service_at_locations")]
    return [address for where in at if isinstance(where, dict) for address in _each(where, "addresses")]


def _each(told: Object, name: str) -> list[Object]:
    many = told.get(name)
    return [each for each in many if isinstance(each, dict)] if isinstance(many, list) else []


def _text(told: Object, name: str) -> str:
    value = told.get(name)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _line(told: Object, name: str) -> str:
    return " ".join(_text(told, name).split())[:LONGEST]


def _age(told: Object, name: str) -> int:
    typed = _text(told, name).partition(".")[0]
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0


def _day(told: Object, today: date) -> str:
    """The day somebody vouched for it; a day that has not come is none."""
    try:
        day = date.fromisoformat(_text(told, "assured_date")[:10])
    except ValueError:
        return ""
    return day.isoformat() if day <= today else ""

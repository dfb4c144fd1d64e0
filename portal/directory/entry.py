"""Knows what the directory says of an organisation and of a service."""

from typing import Final

import msgspec


class Phone(msgspec.Struct, frozen=True, omit_defaults=True):
    """A number in E.164, or a short one as it is dialled here; `kind` of `kinds.PHONE_KINDS`."""

    number: str
    extension: str = ""
    kind: str = "voice"
    note: str = ""


class Open(msgspec.Struct, frozen=True, omit_defaults=True):
    """Open on these days (Monday is 0) from `opens` to `closes`, in minutes from midnight."""

    days: tuple[int, ...]
    opens: int
    closes: int


class Organisation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An organisation. `kind` and `sub` as in `kinds.KINDS` and `kinds.SUBKINDS`, the latter may be empty."""

    name: str
    kind: str
    sub: str = ""
    also: str = ""
    about: str = ""
    email: str = ""
    website: str = ""


class Service(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service of an organisation, in codes of `kinds`.

    `original`: the language its words are written in; `about`: what it does, by language. `regions`: what it serves,
    none: not known. `places`: towns by name. `interprets`: it reaches an interpreter for any language. `address` is
    shown to staff alone unless `shows_address`; a shelter's never. `is_public`: it may stand on the public page.
    """

    name: str
    also: str = ""
    original: str = "en"
    about: dict[str, str] = {}
    areas: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    interprets: bool = False
    phones: tuple[Phone, ...] = ()
    is_always: bool = False
    hours: tuple[Open, ...] = ()
    hours_note: str = ""
    email: str = ""
    website: str = ""
    address: str = ""
    shows_address: bool = False
    safe_ways: str = ""
    eligibility: str = ""
    youngest: int = 0
    oldest: int = 0
    how: str = ""
    cost: str = ""
    cost_note: str = ""
    is_public: bool = False
    is_partner: bool = False
    is_closed: bool = False

    def about_in(self, tag: str) -> tuple[str, str]:
        """What it does in this language, and the language it is in: the original where there is no translation."""
        if tag in self.about:
            return self.about[tag], tag
        return self.about.get(self.original, ""), self.original


_organisations: Final = msgspec.json.Decoder(Organisation)
_services: Final = msgspec.json.Decoder(Service)


def write(entry: Organisation | Service) -> str:
    """The entry as its row keeps it."""
    return msgspec.json.encode(entry).decode()


def read_organisation(body: str) -> Organisation:
    """An organisation from its row; what a newer house wrote beside it is passed over. Raises ValueError."""
    return _organisations.decode(body)


def read_service(body: str) -> Service:
    """A service from its row. Raises ValueError."""
    return _services.decode(body)

"""Knows what a service is found by, and asks each database for it in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, literal, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portal.directory import folding, kinds
from portal.directory.entry import Organisation, Service

MOST_SIGNS: Final = 12
"""Words of what was typed that are looked for; the rest is passed over."""

_NAME: Final = "n"  # before the sign of a word that stands in the name
_LIVE, _PUBLIC, _ANY_TONGUE = ("is", "live"), ("is", "public"), ("speaks", "any")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words as typed, and codes of `kinds`; an empty one counts for nothing.

    `public`: only what may stand on the public page. What is closed is never found but `with_closed`.
    """

    typed: str = ""
    region: str = ""
    need: str = ""
    language: str = ""
    kind: str = ""
    sub: str = ""
    area: str = ""
    phase: str = ""
    population: str = ""
    public: bool = False
    with_closed: bool = False


def signs_of(service: Service, organisation: Organisation) -> str:
    """Everything a service is found by, a space between."""
    names = folding.kept(" ".join((service.name, service.also)))
    said = (
        *(organisation.name, organisation.also, *service.about.values()),
        *(*service.places, service.eligibility, service.hours_note),
        *(phone.number[-10:] for phone in service.phones),
    )
    words = names | folding.kept(" ".join(said)) | {_NAME + sign for sign in names}
    chosen = {folding.named(kind, code) for kind, code in _codes(service, organisation)}
    return " ".join(sorted(words | chosen))


def _codes(service: Service, organisation: Organisation) -> list[tuple[str, str]]:
    codes = [("serves", each) for region in service.regions for each in _around(region)]
    codes += [("needs", need) for need in service.needs]
    codes += [("speaks", each) for tag in service.languages for each in kinds.tongues_written(tag)]
    codes += [("area", area) for area in service.areas] + [("phase", phase) for phase in service.phases]
    codes += [("for", population) for population in service.populations or kinds.POPULATIONS]
    codes += [("kind", organisation.kind), ("sub", organisation.sub)]
    if service.interprets:
        codes.append(_ANY_TONGUE)
    if not service.is_closed:
        codes += [_LIVE, _PUBLIC] if service.is_public else [_LIVE]
    return codes


def _around(region: str) -> tuple[str, ...]:
    """A province stands in its country; whoever serves a country serves each province of it."""
    country, is_part, _ = region.partition("-")
    if is_part:
        return region, country
    return region, *(each for each in kinds.regions() if each.startswith(f"{country}-"))


def matches(wanted: Wanted) -> ColumnElement[bool]:
    """Whether the row of `services` is what is looked for."""
    groups = [[(sign, True)] for sign in folding.wanted(wanted.typed)[:MOST_SIGNS]]
    chosen = (
        *(("serves", wanted.region), ("needs", wanted.need), ("kind", wanted.kind), ("area", wanted.area)),
        *(("phase", wanted.phase), ("for", wanted.population), ("sub", wanted.sub)),
    )
    groups += [[(folding.named(kind, code), False)] for kind, code in chosen if code]
    if wanted.language:
        speaks = folding.named("speaks", wanted.language), folding.named(*_ANY_TONGUE)
        groups.append([(sign, False) for sign in speaks])
    if wanted.public:
        groups.append([(folding.named(*_PUBLIC), False)])
    elif not wanted.with_closed:
        groups.append([(folding.named(*_LIVE), False)])
    return _found(groups)


def in_name(wanted: Wanted) -> ColumnElement[bool]:
    """Whether what was typed stands in the name: such come first."""
    return _found([[(_NAME + sign, True)] for sign in folding.wanted(wanted.typed)[:MOST_SIGNS]])


def _found(groups: Sequence[Sequence[tuple[str, bool]]]) -> ColumnElement[bool]:
    """All of the groups, and of each group one: a sign of ours, or with True the beginning of one."""
    if not groups:
        return true()
    file = " AND ".join(
        "(" + " OR ".join(f'"{sign}"' + "*" * begins for sign, begins in group) + ")" for group in groups
    )
    server = " & ".join(
        "(" + " | ".join(f"'{sign}'" + ":*" * begins for sign, begins in group) + ")" for group in groups
    )
    return _Found(literal(file), literal(server))


class _Found(FunctionElement[bool]):
    """The question as SQLite's FTS5 reads it, and as a PostgreSQL tsquery."""

    type = Boolean()
    name = "directory_found"
    inherit_cache = True


@compiles(_Found, "sqlite")
def _in_file(element: _Found, compiler: SQLCompiler, **more: Any) -> str:  # Any: what a compiler hands on
    asked, _ = element.clauses
    question = compiler.process(asked, **more)
    return f"directory_services.number IN (SELECT rowid FROM directory_index WHERE directory_index MATCH {question})"  # noqa: S608 (a bound value)


@compiles(_Found, "postgresql")
def _on_server(element: _Found, compiler: SQLCompiler, **more: Any) -> str:  # Any: as above
    _, asked = element.clauses
    return (
        "directory_services.number IN (SELECT number FROM directory_words WHERE"  # noqa: S608 (a bound value)
        f" array_to_tsvector(string_to_array(signs, ' ')) @@ CAST({compiler.process(asked, **more)} AS tsquery))"
    )

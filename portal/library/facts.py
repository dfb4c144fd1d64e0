"""Lists every phone number and every law the site names, each with where it was read and on which day."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from portal.numbers import numbers
from portal.protection import protection

DATA: Final = Path(__file__).parents[1] / "data"
_TOLD: Final = frozenset({"emergency.json", "protection.json"})  # read by the rooms that show them

# What may be somebody's number: seven digits and more with signs between, a word of five or six digits, and the three
# digits that countries of these regions keep for help. A day (2026-11-23) is none.
_BESIDE: Final = ("source", "checked")
_DAY: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_NUMBER: Final = re.compile(
    r"(?<![\w.])\+?\(?\d(?:[\s().-]{0,2}\d){6,14}(?!\w)|(?<![\w.-])\d{5,6}(?![\w-])"
    r"|(?<![\w.])(?:[2-9]-?1-?1|9-?8-?8|112|999|000)(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One number or law. `where` is the place it is for, empty for all; `checked` the day its source was last read."""

    kind: Literal["number", "law"]
    where: str
    what: str
    name: str
    source: str
    checked: date | None


def facts() -> tuple[Fact, ...]:
    """Every one, numbers first, place by place."""
    others = [fact for path in sorted(DATA.glob("*.json")) if path.name not in _TOLD for fact in of_file(path)]
    return tuple(sorted((*_emergency(), *_lines(), *_protection(), *others), key=lambda fact: fact.kind != "number"))


def of_file(path: Path) -> Iterator[Fact]:
    """Whatever in a file of data calls itself a `law` or a `number`, with the `source` and day beside or above it."""
    yield from _of(json.loads(path.read_text("utf-8")), path.stem, {})


@cache
def known_numbers() -> frozenset[str]:
    """The digits of every number on the list."""
    return frozenset(_digits(fact.what) for fact in facts() if fact.kind == "number")


def unknown_numbers(text: str) -> list[str]:
    """What reads like a phone number in `text` and is not on the list."""
    found = _NUMBER.findall(_DAY.sub(" ", _latin(text)))
    return [each for each in found if _digits(each) not in known_numbers()]


def _emergency() -> Iterator[Fact]:
    for region in numbers().regions:
        for number in region.emergency:
            name = f"emergency, {number.place}" if number.place else "emergency"
            for way in number.ways:
                yield Fact("number", region.id, way.number, f"{name} ({way.kind})", region.source, region.checked)


def _lines() -> Iterator[Fact]:
    for place, line in numbers().lines():
        for way in line.ways:
            yield Fact("number", place, way.number, f"{line.name} ({way.kind})", line.source, line.checked)


def _protection() -> Iterator[Fact]:
    for rule in protection().rules:
        what = f"child protection: under {rule.under}; everybody reports under {rule.reports_under}"
        yield Fact("law", rule.region, what, rule.kind, rule.source, protection().checked)


def _of(value: object, name: str, above: Mapping[str, object]) -> Iterator[Fact]:
    if isinstance(value, list):
        for each in value:
            yield from _of(each, name, above)
    if not isinstance(value, dict):
        return
    here = {**above, **{key: value[key] for key in _BESIDE if key in value}}
    for kind in ("number", "law"):
        what = value.get(kind)
        # The name of a law in several languages: English is on the list.
        what = what.get("en") if isinstance(what, dict) else what
        if isinstance(what, str) and what:
            day = date.fromisoformat(str(here["checked"])) if "checked" in here else None
            where = str(value.get("place") or value.get("where") or value.get("region") or "")
            told = str(value.get("title") or value.get("kind") or value.get("id") or "")
            yield Fact(kind, where, what, f"{name}: {told}".rstrip(": "), str(here.get("source", "")), day)
    for each in value.values():
        yield from _of(each, name, here)


def _digits(text: str) -> str:
    """Its digits; the 1 before a number of North America is the same with and without."""
    digits = re.sub(r"\D", "", text)
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


def _latin(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)

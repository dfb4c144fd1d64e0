"""Counts a quarter from what the records say, by the few fields it may read and no other."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from portal.figures.shape import BY_TABLE, OTHER, TABLES, TOTALS, Of, regions_counted, row_of, rows_of

READ_OF_A_RECORD: Final = ("channel", "language", "said")
READ_OF_A_CASE: Final = ("said",)
READ_OF_A_REFERRAL: Final = ("outcome",)
READ_OF_WHAT_WAS_SAID: Final = ("kind", "region", "needs", "type", "met", "heard")


class Counted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The part of a record of a contact that is counted. Its line, and who wrote it, are never made into a value."""

    channel: str = ""
    language: str = ""
    said: dict[str, tuple[str, ...]] = {}

    def __repr__(self) -> str:
        return "Counted(...)"


class CountedCase(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a case that is counted: its words and who wrote them are never made into a value."""

    said: dict[str, tuple[str, ...]] = {}

    def __repr__(self) -> str:
        return "CountedCase(...)"


class CountedReferral(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a referral that is counted: neither where somebody was sent nor whom it is about."""

    outcome: str = ""

    def __repr__(self) -> str:
        return "CountedReferral(...)"


class Tally(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The exact counts of one quarter, as they are sealed. `tables`: rows by table; `chat`: see `portal.figures.chat`.

    `months`: of each month, by what became of a chat. `late`: how many of a total are of a quarter before this one.
    """

    version: int = 1
    totals: dict[str, int] = {}
    tables: dict[str, dict[str, int]] = {}
    months: dict[str, dict[str, int]] = {}
    late: dict[str, int] = {}
    chat: dict[str, dict[str, int]] = {}

    def __repr__(self) -> str:
        return "Tally(...)"


_records = msgspec.json.Decoder(Counted)
_cases = msgspec.json.Decoder(CountedCase)
_referrals = msgspec.json.Decoder(CountedReferral)


def read_counted(raw: bytes) -> Counted:
    """What is counted of a record. Raises ValueError."""
    return _records.decode(raw)


def read_counted_case(raw: bytes) -> CountedCase:
    """What is counted of a case. Raises ValueError."""
    return _cases.decode(raw)


def read_counted_referral(raw: bytes) -> CountedReferral:
    """What is counted of a referral. Raises ValueError."""
    return _referrals.decode(raw)


def counted(
    records: Iterable[Counted],
    cases: Iterable[CountedCase],
    referrals: Iterable[CountedReferral] = (),
    *,
    here: str = "",
) -> Tally:
    """The tally of these. Every row a table may have is in it, those without anybody as well. `here`: the house's own
    region.
    """
    regions = regions_counted(here)
    totals: Counter[str] = Counter()
    seen: dict[str, Counter[str]] = {table.name: Counter() for table in TABLES}
    for record in records:
        totals["contacts"] += 1
        said = _said(record.said)
        said["region"] = tuple(code for code in said.get("region", ()) if code in regions)
        _add(seen, "contacts", {**said, "language": (record.language,)})
    for case in cases:
        totals["cases"] += 1
        _add(seen, "cases", _said(case.said))
    for referral in referrals:
        totals["referrals"] += 1
        _add(seen, "referrals", {"outcome": (referral.outcome,)})
    return Tally(
        totals={of: totals[of] for of in TOTALS},
        tables={name: rows_of(name, rows, regions) for name, rows in seen.items()},
    )


def _said(said: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: said[name] for name in READ_OF_WHAT_WAS_SAID if name in said}


def _add(seen: Mapping[str, Counter[str]], of: Of, said: Mapping[str, tuple[str, ...]]) -> None:
    for name, rows in seen.items():
        if BY_TABLE[name].of == of:
            codes = {row_of(code) for code in said.get(name, ())} or {OTHER}
            rows.update(codes if BY_TABLE[name].is_many else [sorted(codes)[0]])

"""Declares what is counted: the tables of a quarter, of what each of them is, and the rows each may have.

A record says more than is counted here, and nothing beside this list ever is: no age beside a region, no place of work
beside either. Each table stands alone, so no two of them meet in one person.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from i18n.languages import LANGUAGES
from i18n.spoken import SPOKEN
from portal.directory.referral import OUTCOMES
from portal.numbers import numbers
from portal.records.fields import BY_NAME, MISSING

OTHER: Final = "unknown"  # nobody asked, she would not say, it does not apply: one row, the least loss when hidden
Of = Literal["contacts", "cases", "referrals"]


@dataclass(frozen=True, slots=True)
class TableShape:
    """One table. `of`: whose total its rows add up to. `is_many`: several rows may hold of one, each is told alone."""

    name: str
    of: Of
    is_public: bool
    is_many: bool = False


# In the order of the page.
TABLES: Final[tuple[TableShape, ...]] = (
    TableShape("kind", "cases", True),
    TableShape("region", "contacts", True),
    TableShape("language", "contacts", True),
    TableShape("needs", "contacts", True, is_many=True),
    TableShape("type", "contacts", False),
    TableShape("met", "contacts", False),
    TableShape("heard", "contacts", False),
    TableShape("outcome", "referrals", False),
)
BY_TABLE: Final[Mapping[str, TableShape]] = {table.name: table for table in TABLES}
TOTALS: Final[tuple[Of, ...]] = ("contacts", "cases", "referrals")
PUBLIC_TOTALS: Final[tuple[Of, ...]] = ("contacts", "cases")
_LISTED: Final[Mapping[str, tuple[str, ...]]] = {"language": (*LANGUAGES, *SPOKEN), "outcome": OUTCOMES}


def row_of(code: str) -> str:
    """The row a code counts in: the words for what is missing are one."""
    return OTHER if not code or code in MISSING else code


def regions_counted(here: str) -> frozenset[str]:
    """The regions that have a row of their own in a house in this region: those of its country, or all where nobody
    knows where it is. Somebody from abroad counts in the row of what is not known: so few are found by their country.
    """
    region = numbers().region(here)
    return frozenset(each.id for each in numbers().regions if region is None or each.country == region.country)


def rows_of(table: str, seen: Mapping[str, int], regions: Collection[str]) -> dict[str, int]:
    """Every row a table may have, in the order of its form, with what was counted. `regions`: those with a row.

    A row without anybody is one more among those that are not shown: that nobody came is not told either.
    """
    listed = _LISTED[table] if table in _LISTED else BY_NAME[table].codes
    if table == "region":
        listed = tuple(code for code in listed if code in regions)
    names = dict.fromkeys((*listed, *sorted(seen), OTHER))
    return {name: seen.get(name, 0) for name in names if name != OTHER} | {OTHER: seen.get(OTHER, 0)}

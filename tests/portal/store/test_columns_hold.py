"""The longest that a room may write fits where it is written: a file would keep more, a server refuses it."""

from __future__ import annotations

import zoneinfo

import pytest
from sqlalchemy import Column

from i18n.languages import LANGUAGES
from portal.alerts.tables import alert_ways
from portal.alerts.ways import COMMAND, MAIL, WEBHOOK
from portal.doors_book import hours, switches, zones
from portal.numbers import region_ids
from portal.opening import site
from portal.records.tables import sealed_entries
from portal.staff.forms import LONGEST_ALIAS, LONGEST_HOUSE
from portal.staff.rights import Role
from portal.staff.tables import invitations, people
from tips import store
from tips.tables import tip_parts, tips
from tips.tip import ReceiptState, Status

TAGS = list(LANGUAGES)
WRITTEN = [
    (site.c.name, ["x" * LONGEST_HOUSE]),
    (site.c.region, region_ids()),
    *((table.c.alias, ["x" * LONGEST_ALIAS]) for table in (people, invitations)),
    *((table.c.role, Role) for table in (people, invitations)),
    *((table.c.languages, [" ".join(TAGS)]) for table in (people, invitations)),
    *((table.c.tongue, TAGS) for table in (people, invitations)),
    (hours.c.language, TAGS),
    (zones.c.zone, zoneinfo.available_timezones()),
    (switches.c.word, ["open", "closed"]),
    (alert_ways.c.way, [COMMAND, MAIL, WEBHOOK]),
    (sealed_entries.c.answer, ["waits", "yes", "no"]),
    (tips.c.status, Status),
    (tips.c.receipt, ReceiptState),
    (tip_parts.c.kind, [store.WORDS, store.NAMES]),
]


@pytest.mark.parametrize(("column", "texts"), WRITTEN, ids=lambda each: str(each) if isinstance(each, Column) else "")
def test_the_longest_text_fits_its_column(column: Column[str], texts: list[str]) -> None:
    longest = max(texts, key=len)

    assert 0 < len(longest) <= column.type.length, longest  # type: ignore[attr-defined]

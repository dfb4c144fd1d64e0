"""Two houses in which the same was done at other hours, in another order and other words: all clear bytes are alike."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.clock import StillClock
from portal.ids import random_id
from portal.services import Services
from portal.store.database import metadata
from tests.support import photos
from tests.support.rooms import NOON, running, wire
from tests.tips.conftest import TipHouse, make_tip_house
from tests.tips.files.conftest import files_house
from tests.tips.test_looks_alike import ALL_FACTS, normal
from tips.consents import Consent, Identity
from tips.form import TipForm
from tips.intake import Filing
from tips.staying.holding import Holding
from tips.staying.purging import Purge
from tips.tip import Child, Names, Path as How, Status, Urgency
from tips.work.acts import Working
from tips.work.deeds import NOBODY
from tips.work.labels import Change

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Day:
    """What differs between the two: the hour, the order, the language, and every word."""

    hour: int
    order: tuple[int, ...]
    language: str
    word: str
    reason: str
    form: TipForm


QUIET = Day(8, (0, 1, 2, 3, 4), "en", "A van.", "By order.", TipForm("A van, each day at six."))
LOUD = Day(
    19,
    (3, 1, 4, 0, 2),
    "ar",
    "شاحنة بيضاء أمام البيت كل يوم. " * 40,
    "The court of this town has asked for all of it, by its letter of the third. " * 20,
    TipForm(
        "شاحنة بيضاء. " * 90,
        How.SAW,
        Urgency.NOW,
        Child.YES,
        answer_welcome=True,
        place="Mill Road",
        when="mornings",
        names=Names(
            name="Kim", reach="after nine", hours="noon", mask="the gym", voice="no", tongue="zh-Hant", spoken="yue"
        ),
        facts=ALL_FACTS,
        identity=Identity.SHARE_OK,
        consents=frozenset(Consent),
    ),
)


@pytest.fixture
async def other_services(services: Services, empty_database: Path, tmp_path: Path) -> AsyncIterator[Services]:
    """Another house, on folders and a clock of its own."""
    settings = dataclasses.replace(
        services.settings, data_dir=tmp_path / "other", keys_dir=tmp_path / "other-keys", database_url=None
    )
    settings.data_dir.mkdir()
    settings.keys_dir.mkdir(mode=0o700)
    shutil.copy(empty_database, settings.database_path)
    async with running(wire(settings, StillClock(NOON))) as made:
        yield made


async def test_two_databases_that_differ_in_hour_order_language_and_length_are_alike_in_every_clear_byte(
    services: Services, clock: StillClock, other_services: Services
) -> None:
    looks = []
    for made, day in ((services, QUIET), (other_services, LOUD)):
        still = made.clock
        assert isinstance(still, StillClock)
        looks.append(await a_life(await make_tip_house(made, still), day))
    names = [f"{moment}: {table}" for moment, tables in enumerate(looks[0]) for table in tables]
    assert len([name for name in names if name.startswith("0")]) == len(metadata.tables)
    for moment, (one, other) in enumerate(zip(*looks, strict=True)):
        assert {name: rows for name, rows in one.items() if rows != other[name]} == {}, f"at moment {moment}"
    filled = {name for tables in looks[0] for name, rows in tables.items() if rows}
    assert {"tips", "tip_keys", "tip_parts", "tip_tombstones", "tip_holds", "tip_shelves", "tip_files"} <= filled
    assert {"tip_proofs", "tip_rounds", "audit_lines"} <= filled


async def a_life(house: TipHouse, day: Day) -> list[dict[str, list[tuple[Any, ...]]]]:
    """What is done with five tips over two years; what stands in the tables, looked at in between."""
    looks = []
    to_the_hour(house, day.hour)
    made = {number: await files(house, day, number) for number in day.order}
    purge, robin, review = Purge(house.services, house.retention), house.robin, house.review
    holding = Holding(house.services, house.doors, house.book, house.retention)
    photos_of = files_house(house)
    await photos_of.switches_on()
    await photos_of.sends(made[0].visit, photos.screenshot())
    looks.append(await clear(house))
    for number in range(4):  # the desk's own order is the same: its trail says what was done after what
        await review.reply(robin, made[number].tip, day.word, random_id())
    await holding.hold(robin, made[0].tip, day.reason, random_id())
    at_the_desk = Working(house.services, house.doors, house.book)
    await at_the_desk.note(robin, made[1].tip, day.reason, part=random_id())
    await at_the_desk.label(robin, made[2].tip, Change((day.language,)), part=random_id())
    await at_the_desk.assign(robin, made[3].tip, robin.staff_id, seen=NOBODY, part=random_id())
    await house.follow_up.add(made[1].visit, day.word, random_id())
    consent = Consent.CONTACT if day is QUIET else Consent.IDENTITY
    await house.follow_up.agree(made[2].visit, consent, day is QUIET, language=day.language, part=random_id())
    await house.follow_up.tell(made[2].visit, ALL_FACTS if day is LOUD else {"plate": ("A",)}, random_id())
    await house.follow_up.reach(made[2].visit, Names(reach=day.word[:60]))
    await house.follow_up.keep(made[3].visit)
    await house.follow_up.erase(made[4].visit)
    await house.retention.searching.once()
    looks.append(await clear(house))
    house.clock.advance(timedelta(days=1))
    await house.puts_up()
    await purge.round()
    looks.append(await clear(house))
    for number in (1, 2):
        await review.set_status(robin, made[number].tip, Status.CLOSED)
    for weeks in (47, 7, 40):
        house.clock.advance(timedelta(days=7 * weeks))
        while not (await purge.round()).is_done:
            pass
        await house.retention.searching.once()
        looks.append(await clear(house))
    await holding.end(robin, made[0].tip, day.reason, random_id())
    looks.append(await clear(house))
    return looks


async def files(house: TipHouse, day: Day, number: int) -> Filing:
    """One of the five; the last two have no number, in either house."""
    token = house.services.start_tokens.make()
    house.clock.advance(timedelta(seconds=5 + day.hour))
    filed = await house.intake.file_tip(day.form, language=day.language, start_token=token, wants_number=number < 3)
    if number < 3:
        await house.intake.make_receipt(filed.filing)
    return filed.filing


def to_the_hour(house: TipHouse, hour: int) -> None:
    now = house.clock.now()
    house.clock.advance(datetime(now.year, now.month, now.day, hour, tzinfo=now.tzinfo) - now)


async def clear(house: TipHouse) -> dict[str, list[tuple[Any, ...]]]:
    """Every table, its rows in no order of their own, random bytes by their length alone."""
    async with house.services.database.read() as connection:
        return {
            table.name: sorted(normal(table, tuple(row)) for row in await connection.execute(select(table)))
            for table in metadata.sorted_tables
        }

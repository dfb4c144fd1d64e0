"""Lets people come, go, file, seal again and be cut off in any order: no tip is lost, and who left opens none."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import select

from portal.errors import PorchlightError
from portal.vault.errors import VaultError
from portal.vault.tips import open_words_key
from tests.support.key_house import KeyHouse, all_keys
from tips.tables import tip_keys

pytestmark = pytest.mark.anyio

ACTS = ("bo in", "bo out", "cy in", "cy out", "signs in", "files", "seals", "seals, cut off", "turns, cut off", "days")
ORDERS = st.lists(st.sampled_from(ACTS), min_size=4, max_size=12)


def orders(many: int) -> list[list[str]]:
    """Some orders; all are told in one house, which takes its time to be set up."""
    found: list[list[str]] = []

    @settings(max_examples=many, database=None)
    @given(ORDERS)
    def take(order: list[str]) -> None:
        found.append(order)

    take()
    return found


class CutOff(BaseException):
    """The process is killed: nothing of its own comes after this."""


class Story:
    """One house, through as many orders as are tried. What each person ever held is remembered, as she might."""

    def __init__(self, keys: KeyHouse, people: dict[str, bytes]) -> None:
        self.keys, self.people = keys, people
        self.remembered: dict[str, dict[int, bytes]] = {name: {} for name in people}
        self.is_in = dict.fromkeys(people, False)

    async def does(self, act: str) -> None:
        keys, (who, _, way) = self.keys, act.partition(" ")
        if act == "files":
            await keys.fills_one()
        elif act == "days":
            keys.house.clock.advance(timedelta(days=2))
        elif act == "signs in":
            await keys.robin()
        elif act == "seals":
            await keys.keeper.work(await keys.robin())
        elif act == "seals, cut off":
            robin = await keys.robin()
            await self._cut_off(keys.keeper.work(robin))
        elif act == "turns, cut off":
            await self._cut_off(keys.robin())
        elif way == "in" and not self.is_in[who]:
            await keys.lets_in(self.people[who], "tips")
            signed, _ = await keys.signs_in(who)
            self.remembered[who] |= all_keys(signed)["tips"]
            self.is_in[who] = True
        elif way == "out" and self.is_in[who]:
            signed, _ = await keys.signs_in(who)
            self.remembered[who] |= all_keys(signed)["tips"]
            await keys.puts_out(self.people[who])
            self.is_in[who] = False

    async def holds_true(self) -> None:
        """Robin reads every tip; who is in reads it too; who is out opens none once what was due is done."""
        robin = await self.keys.robin()
        await self.keys.keeper.work(robin)
        for tip in self.keys.tips:
            assert (await self.keys.house.review.open(robin, tip)).words
        for who, is_in in self.is_in.items():
            opened = await self._opens(self.remembered[who])
            if is_in:
                signed, _ = await self.keys.signs_in(who)
                opened = await self._opens(all_keys(signed)["tips"])
            assert opened == (len(self.keys.tips) if is_in else 0), who

    async def _opens(self, privates: Mapping[int, bytes]) -> int:
        services = self.keys.services
        async with services.database.read() as connection:
            rows = (await connection.execute(select(tip_keys.c.tip, tip_keys.c.words_copy))).all()
        opened = 0
        for row in rows:
            try:
                open_words_key(row.words_copy, privates, row.tip, services.staff.accounts.live_peppers())
                opened += 1
            except VaultError:
                continue
        return opened

    async def _cut_off(self, work: Any) -> None:
        """Killed before some commit: a transaction that was open is gone, those before it stand."""
        database, left = self.keys.services.database, random.randrange(1, 6)
        write = database.write

        @asynccontextmanager
        async def dying() -> AsyncIterator[Any]:
            nonlocal left
            async with write() as connection:
                yield connection
                left -= 1
                if not left:
                    raise CutOff

        database.write = dying  # type: ignore[method-assign]
        try:
            await work
        except (CutOff, PorchlightError):
            pass
        finally:
            database.write = write  # type: ignore[method-assign]


@pytest.mark.parametrize("many", [3, pytest.param(60, marks=[pytest.mark.long, pytest.mark.timeout(300)])])
async def test_in_any_order_no_tip_is_lost_and_who_was_put_out_opens_none(keys: KeyHouse, many: int) -> None:
    await keys.fills(1)
    people = {who: await keys.brings_in(who.capitalize()) for who in ("bo", "cy")}
    story = Story(keys, people)
    for order in orders(many):
        for act in order:
            await story.does(act)
        await story.holds_true()

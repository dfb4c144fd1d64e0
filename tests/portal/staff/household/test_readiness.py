"""Holds the list before the doors to what a house needs, and its colours to when something was shown to work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.services import Services
from portal.staff.household.house import House
from portal.staff.household.readiness import HOLDS, PLACES, checked
from portal.staff.household.waiving import waive
from tests.portal.staff.walker import Walker, acts, give, join

pytestmark = pytest.mark.anyio

TODAY = date(2026, 3, 4)
ALL = {name: True for name in PLACES if name not in HOLDS}
SHOWN = {name: TODAY.isoformat() for name in HOLDS}


def states(
    done: dict[str, bool] | None = None, shown: dict[str, str] | None = None, waived: str = ""
) -> dict[str, str]:
    found = checked({**ALL, **(done or {})}, SHOWN if shown is None else shown, waived, TODAY)
    return {each.name: each.state for each in found}


def test_every_line_is_green_where_all_is_done() -> None:
    assert set(states().values()) == {"good"}
    assert all(place.startswith("/desk/") for place in PLACES.values())


@pytest.mark.parametrize("name", sorted(ALL))
def test_what_is_missing_is_red_and_put_off_it_is_amber(name: str) -> None:
    assert states({name: False})[name] == "urgent"
    assert states({name: False}, waived=f"drill {name}")[name] == "hold"
    assert states(waived=name)[name] == "good", "what is done is green, put off or not"


@pytest.mark.parametrize(("name", "holds"), HOLDS.items())
def test_what_worked_once_turns_amber_with_time_and_never_red(name: str, holds: timedelta) -> None:
    def on(day: date) -> str:
        return states(shown={**SHOWN, name: day.isoformat()})[name]

    assert on(TODAY - holds) == "good"
    assert on(TODAY - holds - timedelta(days=1)) == "hold"
    assert on(date(2001, 1, 1)) == "hold"
    assert states(shown={})[name] == "urgent"


async def test_the_doors_stay_closed_until_every_line_was_done(ada: Walker, services: Services) -> None:
    house = House(services)

    async def to_do() -> list[str]:
        return [check.name for check in await house.checks(await house.facts()) if not check.is_done]

    assert await to_do() == ["hours", "limits", "sheet", "holders", "drill", "alert", "practice"]
    for what in ("always", "limits", "nonsense"):
        await ada.post("/desk/opening/stated", {"what": what})
    async with services.database.write() as connection:
        await services.opening.change(connection, is_sheet_kept=True)
    for what in ("alert", "drill", "practice"):
        await services.note_ready(what, b"s" * 16)
        await ada.post("/desk/opening/doors", {"doors": "open"})
        assert ada.sees("Something on the list is still to be done.")
    assert await to_do() == ["holders"]
    assert not (await services.opening.facts()).is_open

    await join(ada, alias="Bo")
    await give(ada, "Bo", "chat")
    await ada.open("/desk/opening")
    assert ada.page.count('class="desk-tag is-good">Done<') == len(PLACES)
    await ada.post("/desk/opening/doors", {"doors": "open"})

    assert (await services.opening.facts()).is_open
    assert [act for act in await acts(services) if act.startswith("ready.")] == [
        f"ready.{what}" for what in ("always", "limits", "alert", "drill", "practice")
    ]


async def test_a_line_is_put_off_at_the_terminal_alone_and_stays_in_the_audit(ada: Walker, services: Services) -> None:
    house = House(services)
    await ada.post("/desk/opening/stated", {"what": "waived"})
    assert len([1 for check in await house.checks(await house.facts()) if check.state == "urgent"]) == 7

    await waive(services.settings, ("drill", "alert", "practice", "holders"))

    found = {check.name: check.state for check in await house.checks(await house.facts())}
    assert {name for name, state in found.items() if state == "hold"} == {"drill", "alert", "practice", "holders"}
    assert (await acts(services))[-1] == "ready.waived"

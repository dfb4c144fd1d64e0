"""Holds what is set at the desk to counting at once in every process, under the house's mark and no other."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from sqlalchemy import update

from portal.app import build_public
from portal.desk_settings import CHANGEABLE, STRICTER, house_settings, laid_over
from portal.errors import Away
from portal.routes import section
from portal.services import Services
from portal.settings import Settings
from portal.settings_table import BY_FIELD
from portal.staff.household.settings_rules import GROUPS, read_exit, read_numbers, wrongs_together
from tests.portal.staff.walker import Walker, acts
from tests.support.rooms import running, wire

pytestmark = pytest.mark.anyio


def form(group: str, services: Services, **typed: object) -> dict[str, str | list[str]]:
    """The form of a group as it stands on the page, with these typed over it."""
    shown: dict[str, str | list[str]] = {rule.field: str(getattr(services.now, rule.field)) for rule in GROUPS[group]}
    return {"group": group, **shown, **{name: str(value) for name, value in typed.items()}}


async def test_a_number_counts_at_once_here_and_in_another_process_and_is_in_the_audit(
    ada: Walker, services: Services
) -> None:
    async with running(wire(services.settings, services.clock)) as other, asyncio.timeout(10):
        listening = asyncio.create_task(other.desk_settings.run(other.channels))
        await asyncio.sleep(0.2)
        await ada.post("/desk/settings/numbers", form("desk", services, wrap_up_minutes=45))
        assert ada.sees("Saved. It counts from now on.")
        assert ada.sees("This counts. The server’s own file says 30.")

        while other.now.wrap_up_minutes != 45:  # noqa: ASYNC110 - told by another process
            await asyncio.sleep(0.02)
        listening.cancel()

    assert services.now.wrap_up_minutes == 45
    assert services.settings.wrap_up_minutes == 30
    # Only what was changed stands in the audit, and by whom says the line.
    assert [act for act in await acts(services) if act.startswith("set.")] == ["set.wrap_up_minutes=45"]


async def test_a_bad_value_keeps_what_was_typed_and_changes_nothing(ada: Walker, services: Services) -> None:
    typed = form("waiting", services, silent_minutes="9", choice_minutes="seven", comeback_hours="3")
    await ada.post("/desk/settings/numbers", typed)

    assert ada.sees("This has to be a whole number within the range.")
    assert 'value="seven"' in ada.page
    assert 'value="9"' in ada.page
    assert 'value="3"' in ada.page
    assert services.now == services.settings
    assert not [act for act in await acts(services) if act.startswith("set.")]


async def test_what_is_taken_back_leaves_the_word_to_the_servers_own_file(ada: Walker, services: Services) -> None:
    await ada.post("/desk/settings/numbers", form("calls", services, ladder_seconds=300))
    assert services.now.ladder_seconds == 300

    await ada.post("/desk/settings/back", {"field": "ladder_seconds"})

    assert ada.sees("Taken back.")
    assert services.now.ladder_seconds == services.settings.ladder_seconds == 120
    await ada.post("/desk/settings/back", {"field": "redis_url"})
    assert (await acts(services))[-1] == "set.ladder_seconds.back"


async def test_a_row_somebody_wrote_into_the_database_counts_for_nothing(ada: Walker, services: Services) -> None:
    await ada.post("/desk/settings/exit", {"exit_urls": "https://weather.example/"})
    async with services.database.write() as connection:
        await connection.execute(update(house_settings).values(value="https://watcher.example/"))

    await services.desk_settings.look()
    assert services.now.exit_url("en") == "https://weather.example/"
    async with running(wire(services.settings, services.clock)) as new:
        await new.desk_settings.look()
        assert new.now.exit_url("en") == services.settings.exit_url("en")


async def test_the_exit_leads_elsewhere_and_a_page_from_before_still_leaves(ada: Walker, services: Services) -> None:
    public = httpx.ASGITransport(build_public(services, [section(services)]))
    async with httpx.AsyncClient(transport=public, base_url=services.settings.public_origin) as visitor:
        before = services.settings.exit_url("fr")
        await ada.post("/desk/settings/exit", {"exit_urls": "https://weather.example/  fr=https://meteo.example/"})
        assert ada.sees("Press the exit of a public page once")

        page = await visitor.get("/fr/")
        assert 'href="https://meteo.example/"' in page.text
        policy = re.search(r"form-action ([^;]+)", page.headers["content-security-policy"])
        assert policy
        assert {"'self'", "https://weather.example", "https://meteo.example"} <= set(policy[1].split())
        assert before.rstrip("/") in policy[1]  # for whoever changes it meanwhile

        mark = services.desk_settings.exit_mark(services.settings)
        left = [await visitor.post("/leave", data={"l": "fr", **more}) for more in ({"e": mark}, {}, {"e": "0" * 8})]
        assert [each.headers["location"] for each in left] == ["https://meteo.example/", before, before]

        for typed in ("javascript:alert(1)", "", "http://weather.example", "https://a.example;b"):
            await ada.post("/desk/settings/exit", {"exit_urls": typed})
            assert ada.sees("begin with https://")
        assert services.now.exit_url("fr") == "https://meteo.example/"


async def test_a_notice_stands_on_the_first_page_as_text(ada: Walker, services: Services) -> None:
    public = httpx.ASGITransport(build_public(services, [section(services)]))
    async with httpx.AsyncClient(transport=public, base_url=services.settings.public_origin) as visitor:
        await services_open(services)
        services.availability = nobody_knows
        words = "<b>Our phone</b> rests until Friday."
        await ada.post("/desk/settings/notice", {"language": "en", "notice": words})
        await ada.post("/desk/settings/notice", {"language": "es", "notice": "El teléfono descansa."})

        english, spanish, arabic = [(await visitor.get(f"/{tag}/")).text for tag in ("en", "es", "ar")]
        assert "&lt;b&gt;Our phone&lt;/b&gt; rests" in english
        assert "El teléfono descansa." in spanish
        assert "Our phone" not in spanish
        assert '<p class="notice notice-plain" lang="en" dir="ltr">' in arabic

        await ada.post("/desk/settings/notice", {"language": "en", "notice": "x" * 281})
        assert ada.sees("longer than 280 characters")
        assert "x" * 281 in ada.page
        await ada.post("/desk/settings/notice", {"language": "en", "notice": ""})
        assert "Our phone" not in (await visitor.get("/en/")).text


async def nobody_knows(_language: str) -> None:
    raise Away


async def services_open(services: Services) -> None:
    async with services.database.write() as connection:
        await services.opening.change(connection, is_open=True)
    services.opening.forget()


def test_every_number_on_the_page_may_be_set_and_its_range_is_one_a_server_would_take() -> None:
    rules = [rule for group in GROUPS.values() for rule in group]
    assert {rule.field for rule in rules} | {"exit_urls"} | set(STRICTER) == CHANGEABLE
    for rule in rules:
        assert BY_FIELD[rule.field].read(str(rule.least)) == rule.least
        assert BY_FIELD[rule.field].read(str(rule.most)) == rule.most
        assert rule.least <= getattr(Settings(), rule.field) <= rule.most


@pytest.mark.parametrize("typed", ["", "-1", "1e3", "٣", "4.5", "99999999", " ", "0x10"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert read_numbers("desk", {"chat_capacity": typed})[1]["chat_capacity"] == "house.wrong.range"


def test_numbers_that_do_not_go_together_are_named() -> None:
    now = Settings()
    assert wrongs_together(now, {"chat_capacity": 2, "on_call_capacity": 3}) == {
        "on_call_capacity": "house.wrong.together"
    }
    assert set(wrongs_together(now, {"tip_days": 60, "tip_warning_days": 90})) == {"tip_warning_days"}
    assert wrongs_together(now, {"tip_number_days": 0}) == {}
    assert read_exit(" https://a.example   fr=https://b.example ") == "https://a.example fr=https://b.example"


def test_what_no_longer_reads_or_fits_is_left_out_and_the_rest_counts() -> None:
    given = Settings(tip_days=60)
    assert laid_over(given, {"wrap_up_minutes": "many", "choice_minutes": "9", "data_dir": "/x"}) == Settings(
        tip_days=60, choice_minutes=9
    )
    assert laid_over(given, {"tip_warning_days": "90", "choice_minutes": "9"}) == Settings(
        tip_days=60, choice_minutes=9
    )

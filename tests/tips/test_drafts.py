"""Holds the copy of a form that is being filled in: sealed by its page's key, one a form, few in all, soon gone."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any, cast

import httpx
import pytest

from portal.app import build_public
from portal.ids import random_key, to_text
from tests.tips.conftest import TipHouse
from tests.tips.phone import Phone
from tips import drafts
from tips.asked import NOTE
from tips.drafts import LARGEST, LASTS, Drafts

pytestmark = pytest.mark.anyio

WORDS = "kestrel over the third field"
KEEP = "/en/note/keep"


def new_key() -> str:
    return to_text(random_key())


@pytest.fixture
def start(house: TipHouse) -> str:
    return house.services.start_tokens.make()


@pytest.fixture
def kept(house: TipHouse) -> Drafts:
    return Drafts(house.services)


async def stored(house: TipHouse) -> dict[bytes, bytes]:
    """Every key of the ember store that has to do with copies, with what lies under it; the list of all without."""
    client = house.services.ember_client
    names = [name async for name in client.scan_iter(match=b"{draft}*") if name != b"{draft}:all"]
    return {name: cast("bytes", await client.get(name)) for name in names}


async def asks(phone: Phone, **said: object) -> dict[str, Any]:
    """What our script asks, and is told."""
    answer = await phone.web.post(KEEP, json=said, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    # What is said of the language, and what fills the answer up: test_hints.py.
    return {name: said for name, said in told.items() if name not in ("guess", "p")}


async def test_what_was_kept_comes_back_for_its_key_and_no_other(house: TipHouse, kept: Drafts, start: str) -> None:
    key = new_key()
    assert await kept.keep(start, key, {"words": WORDS, "ok": "1 3", "soon": "9", "other": "x"})
    assert await kept.open(key) == {"words": WORDS, "ok": "1 3"}
    assert await kept.open(new_key()) == {}
    assert await kept.open("no key") == {}


async def test_the_store_holds_hashes_and_a_box_that_neither_opens_nor_tells_its_length(
    house: TipHouse, kept: Drafts, start: str
) -> None:
    key = new_key()
    await kept.keep(start, key, {"words": WORDS})
    whole = b"".join(part for pair in (await stored(house)).items() for part in pair)
    assert not any(each.encode() in whole for each in (key, start, WORDS, WORDS[:7]))
    sizes = set()
    for words in ("x", WORDS, "y" * 3000):
        await kept.keep(start, key, {"words": words})
        sizes |= {len(value) for name, value in (await stored(house)).items() if name.startswith(b"{draft}:c:")}
    assert len(sizes) == 1


async def test_a_copy_lasts_half_an_hour_from_the_last_letter(house: TipHouse, kept: Drafts, start: str) -> None:
    await kept.keep(start, new_key(), {"words": WORDS})
    client = house.services.ember_client
    for name in [*(await stored(house)), b"{draft}:all"]:
        assert timedelta(minutes=29) < timedelta(milliseconds=await client.pttl(name)) <= LASTS


async def test_a_form_has_one_copy_whichever_page_of_it_kept_last(house: TipHouse, kept: Drafts, start: str) -> None:
    first, second = new_key(), new_key()
    await kept.keep(start, first, {"words": "one"})
    await kept.keep(start, second, {"words": "two"})
    assert await kept.open(first) == {}
    assert await kept.open(second) == {"words": "two"}
    await kept.forget(first)
    assert await kept.open(second) == {"words": "two"}
    assert len(await stored(house)) == 2


async def test_forgotten_nothing_of_it_is_left(house: TipHouse, kept: Drafts, start: str) -> None:
    key = new_key()
    await kept.keep(start, key, {"words": WORDS})
    await kept.forget(key)
    await kept.forget(key)
    assert await stored(house) == {}
    assert await house.services.ember_client.zcard(b"{draft}:all") == 0


async def test_no_copy_is_kept_of_a_foreign_form_an_old_one_or_one_that_is_too_large(
    house: TipHouse, kept: Drafts, start: str
) -> None:
    key = new_key()
    assert not await kept.keep("not ours", key, {"words": WORDS})
    assert not await kept.keep(start, "no key", {"words": WORDS})
    assert not await kept.keep(start, key, {"words": "\U0001f54a" * (LARGEST // 4)})
    house.clock.advance(timedelta(hours=3))
    assert not await kept.keep(start, key, {"words": WORDS})
    assert await stored(house) == {}


async def test_there_is_an_end_to_how_many_there_are_and_those_that_stand_go_on(
    house: TipHouse, kept: Drafts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST", 3)
    forms = [(house.services.start_tokens.make(), new_key()) for _ in range(4)]
    said = [await kept.keep(start, key, {"words": "one"}) for start, key in forms]
    assert said == [True, True, True, False]
    assert await kept.keep(*forms[0], {"words": "two"})
    await kept.forget(forms[0][1])
    assert await kept.keep(*forms[3], {"words": "three"})


async def test_a_page_asks_by_script_keeps_gets_back_and_switches_off(phone: Phone, start: str) -> None:
    key = new_key()
    assert await asks(phone, d=key, k=start, f={"words": WORDS, "soon": ["1"], "day": 7}) == {"kept": True}
    assert await asks(phone, d=key, do="back") == {"kept": True, "f": {"words": WORDS}}
    assert await asks(phone, d=key, do="off") == {"kept": False}
    assert await asks(phone, d=key, do="back") == {"kept": False, "f": {}}
    assert await asks(phone, d=["x"], k=None, f="none") == {"kept": False}


async def test_the_exit_takes_the_copy_along(phone: Phone, start: str) -> None:
    key = new_key()
    await asks(phone, d=key, k=start, f={"words": WORDS})
    assert len(await stored(phone.house)) == 2
    await phone.house.services.leaving.destroy([key])
    assert await stored(phone.house) == {}


async def test_sending_the_form_ends_its_copy(phone: Phone, start: str) -> None:
    await asks(phone, d=new_key(), k=start, f={"words": WORDS})
    await phone.files(token=start, words=WORDS)
    assert "We have your note." in phone.answer.text
    assert await stored(phone.house) == {}


async def test_switched_off_stays_off_on_the_pages_the_form_leads_to(phone: Phone) -> None:
    await phone.opens("/en/note")
    assert phone.hidden("off") == ""
    for wish in ("", "1"):
        await phone.files(words="", off=wish)
        assert phone.hidden("off") == wish


async def test_every_answer_comes_back_filled_in_from_an_error_and_in_another_language(phone: Phone) -> None:
    """Without script too: each field of the form, as it was typed and tapped."""
    typed = {ask.name: f"{ask.name} said" for ask in NOTE if ask.is_typed}
    # On this path everything is asked.
    taps = {ask.name: list(ask.values)[-1] for ask in NOTE if not ask.is_typed} | {"about": "2"}
    for fields in ({"words": ""}, {"words": typed["words"], "to": "fr"}):
        await phone.files(**{**typed, **taps, **fields})  # type: ignore[arg-type]
        page = phone.answer.text
        assert page.count("<textarea") >= 3
        for name in typed:
            assert name == "words" or f"{name} said" in page
        chosen = page.count(" checked") + page.count(" selected")
        # Two are hidden fields here: that she lost her number, which nobody taps, and how a page in Chinese is spoken.
        assert (chosen, phone.hidden("again"), phone.hidden("speech")) == (len(taps) - 2, "1", taps["speech"])


async def test_a_house_that_is_busy_says_that_the_same_form_may_be_sent_again(phone: Phone, start: str) -> None:
    phone.house.clock.advance(timedelta(seconds=5))
    asked = {"sec-fetch-site": "same-origin", "accept": "application/json"}
    form = {"words": WORDS, "k": start, "keep": "2"}

    services = phone.house.services
    services.settings = dataclasses.replace(services.settings, max_requests_at_once=0)
    app = build_public(services, [])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=services.settings.public_origin) as web:
        told = (await web.post("/en/note", data=form, headers=asked)).json()
        assert told["again"] is True
        assert "/sorry/" in told["to"]
        plain = await web.post("/en/note", data=form, headers={"sec-fetch-site": "same-origin"})
        assert (plain.status_code, plain.content) == (303, b"")

"""Holds passkeys to this desk's own host, to a person verified each time, to one answer for each question."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.clock import StillClock
from portal.services import Services
from portal.staff.acts import Acts
from portal.staff.desk import StaffRoom
from portal.staff.proofs.asking import Asking, roles_with_keys
from portal.staff.proofs.passkeys import LASTS, Passkeys
from tests.portal.staff.walker import PASSPHRASE, Walker, join, set_up, walker
from tests.support.authenticator import Device

pytestmark = pytest.mark.anyio
SECOND = "/desk/me/second"


@pytest.fixture
async def ada(services: Services, monkeypatch: pytest.MonkeyPatch) -> Walker:
    """The first administrator of a house that asks for second proofs, signed in."""
    monkeypatch.setattr(StaffRoom, "asking", Asking(roles_with_keys(), 7))
    return await set_up(walker(services))


async def makes(person: Walker, device: Device) -> bool:
    """Make a passkey with this device; whether the house took it."""
    await person.open(f"{SECOND}/passkey")
    fields: dict[str, str | list[str]] = {"passphrase": PASSPHRASE, "passkey": device.makes(person.page), "name": "Key"}
    await person.post(f"{SECOND}/passkey", fields)
    return person.sees("Done.")


async def options(person: Walker) -> str:
    await person.open("/desk/signin/passkey")
    return person.page


async def shows(person: Walker, device: Device, asked: str = "", name: str = "ada") -> bool:
    """Sign in with it; whether the desk let her in."""
    stranger = person.fresh()
    return await stranger.signs_in(name, passkey=device.shows(asked or await options(stranger)))


@pytest.mark.asvs("6.3.3")
async def test_a_passkey_is_a_second_proof_and_several_are(ada: Walker, services: Services) -> None:
    own = services.settings.desk_origin
    first, second, other = Device(own), Device(own, count=0), Device(own)
    assert await makes(ada, first)
    assert await makes(ada, second)

    assert not await ada.fresh().signs_in("ada")
    assert await shows(ada, first)
    assert await shows(ada, second)
    assert await shows(ada, second)
    assert not await shows(ada, other)
    await ada.open(SECOND)
    assert ada.page.count('name="factor"') == 2


@pytest.mark.asvs("6.5.1")
async def test_a_question_is_answered_once_and_not_after_ten_minutes(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    device = Device(services.settings.desk_origin)
    assert await makes(ada, device)
    asked = await options(ada.fresh())
    assert await shows(ada, device, asked)
    assert not await shows(ada, device, asked)
    late = await options(ada.fresh())
    clock.advance(LASTS + timedelta(seconds=1))
    assert not await shows(ada, device, late)
    # The question for making one is not the question at the sign-in.
    await ada.open(f"{SECOND}/passkey")
    assert not await shows(ada, device, ada.page)


async def test_a_device_that_verified_nobody_or_answers_another_page_is_refused(
    ada: Walker, services: Services
) -> None:
    own = services.settings.desk_origin
    bad = [
        Device(own, verifies=False),
        Device("http://localhost:8000"),
        Device("https://evil.example"),
        Device(own, host="evil.example"),
        Device(own, credential=b""),
        Device(own, credential=bytes(1024)),
    ]
    assert [device.origin for device in bad if await makes(ada, device)] == []

    good = Device(own)
    assert await makes(ada, good)
    for changed in ({"verifies": False}, {"origin": "http://localhost:8000"}, {"host": "evil.example"}):
        kept = dict(good.__dict__)
        good.__dict__.update(changed)
        assert not await shows(ada, good), changed
        good.__dict__.update(kept)
    assert await shows(ada, good)


async def test_a_copy_of_a_counting_device_is_noticed(ada: Walker, services: Services) -> None:
    device = Device(services.settings.desk_origin, count=5)
    assert await makes(ada, device)
    assert await shows(ada, device)
    device.count = 5
    assert not await shows(ada, device)
    device.count = 6
    assert await shows(ada, device)


async def test_a_colleagues_passkey_is_none_of_hers_and_nonsense_is_a_wrong_proof(
    ada: Walker, services: Services
) -> None:
    own = services.settings.desk_origin
    mine, hers = Device(own), Device(own)
    assert await makes(ada, mine)
    bo = await join(ada, alias="Bo")
    assert await makes(bo, hers)
    assert not await shows(ada, hers)
    assert await shows(ada, hers, name="Bo")
    asked = await options(ada.fresh())
    whole = mine.shows(asked)
    for text in ("{}", "[]", "x" * 9000, whole[:-9], whole.replace('"rawId": "', '"rawId": "é'), '{"rawId":1}'):
        assert not await ada.fresh().signs_in("ada", passkey=text)


async def test_there_is_no_list_of_devices_for_whoever_knows_a_name(ada: Walker, services: Services) -> None:
    device = Device(services.settings.desk_origin)
    before = await options(ada.fresh())
    assert await makes(ada, device)
    after = await options(ada.fresh())
    strip = [text[: text.index('"challenge"')] + text[text.index('"timeout"') :] for text in (before, after)]
    assert strip[0] == strip[1]
    assert '"userVerification": "required"' in after


@pytest.mark.parametrize(
    ("origin", "possible"),
    [
        ("https://desk.example", True),
        ("http://localhost:8001", True),
        ("http://desk.example", False),
        ("https://192.0.2.7", False),
    ],
)
async def test_they_are_offered_where_browsers_make_them(services: Services, origin: str, possible: bool) -> None:
    acts = Acts(services)
    keys = Passkeys(
        replace(services.settings, desk_origin=origin), services.staff.accounts, services.embers, services.clock
    )
    assert keys.are_possible is possible
    assert acts.seconds.passkeys.are_possible

"""Holds the second proof at the sign-in: asked of whom the house asks, each good once, one answer to all else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import delete, update

from portal.clock import StillClock
from portal.services import Services
from portal.staff.desk import StaffRoom
from portal.staff.proofs.asking import Asking, roles_with_keys
from portal.staff.proofs.second import MOST_WRONG
from portal.staff.tables import factors
from portal.staff.unlock import Unlocking
from tests.portal.staff.walker import PASSPHRASE, Walker, acts, give, join, set_up, walker

pytestmark = pytest.mark.anyio
SECOND = "/desk/me/second"


@pytest.fixture
def asking(services: Services, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """The house's own rule, as it stands without a setting."""
    monkeypatch.setattr(StaffRoom, "asking", Asking(roles_with_keys(), 7))
    return services.staff.asking


@pytest.fixture
async def ada(services: Services, asking: Asking) -> Walker:
    """The first administrator, signed in, without a second proof yet."""
    return await set_up(walker(services))


async def adds_an_app(person: Walker, clock: StillClock) -> tuple[pyotp.TOTP, list[str]]:
    """She sets an app up; the app, and the codes of her slip where she was shown some."""
    await person.post(f"{SECOND}/code", {"passphrase": PASSPHRASE})
    app = pyotp.TOTP("".join(person.slip()))
    begun = re.search(r'name="begun" value="([^"]+)"', person.page)
    assert begun, person.page
    await person.post(f"{SECOND}/code/add", {"begun": begun[1], "code": app.at(clock.now()), "name": "My phone"})
    assert person.sees("It is asked at each sign-in from now on."), person.page
    return app, re.findall(r'<li><bdi dir="ltr">([0-9A-Z-]{29})</bdi>', person.page)


@pytest.mark.asvs("6.3.3")
async def test_with_a_second_proof_the_passphrase_alone_opens_nothing(ada: Walker, clock: StillClock) -> None:
    assert await ada.fresh().signs_in("ada")
    app, codes = await adds_an_app(ada, clock)
    assert len(set(codes)) == 10
    clock.advance(timedelta(seconds=60))

    assert not await ada.fresh().signs_in("ada")
    assert not await ada.fresh().signs_in("ada", code="000000")
    assert not await ada.fresh().signs_in("ada", "some long passphrase here", code=app.at(clock.now()))
    again = ada.fresh()
    assert await again.signs_in("ada", code=app.at(clock.now()))
    assert again.address.startswith(SECOND), "she is told of the two tries that had her passphrase"
    assert again.sees("somebody typed your passphrase 2 times")


@pytest.mark.asvs("6.5.1", "6.5.5")
async def test_digits_are_good_once_and_for_one_step_either_way(ada: Walker, clock: StillClock) -> None:
    app, _ = await adds_an_app(ada, clock)
    assert not await ada.fresh().signs_in("ada", code=app.at(clock.now())), "spent by adding the app"
    clock.advance(timedelta(minutes=5))
    now = clock.now()
    for seconds, fits in ((-60, False), (60, False), (-30, True), (-30, False), (30, True), (0, True), (0, False)):
        code = app.at(now + timedelta(seconds=seconds))
        assert await ada.fresh().signs_in("ada", code=f" {code[:3]} {code[3:]} ") is fits, seconds


@pytest.mark.asvs("6.5.2")
async def test_a_code_of_the_slip_is_good_once_and_no_row_holds_it(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    _, codes = await adds_an_app(ada, clock)
    assert await ada.fresh().signs_in("ada", code=codes[3].lower().replace("-", " "))
    assert not await ada.fresh().signs_in("ada", code=codes[3])
    assert await ada.fresh().signs_in("ada", code=codes[4])
    await ada.open(SECOND)
    assert ada.sees("8 codes of your slip are left.")

    await ada.post(f"{SECOND}/slip", {"passphrase": PASSPHRASE})
    assert not await ada.fresh().signs_in("ada", code=codes[5])
    async with services.database.read() as connection:
        raw = b"".join([row.sealed for row in await connection.execute(factors.select())])
    assert not [code for code in codes if code.encode() in raw or code.replace("-", "").encode() in raw]


@pytest.mark.asvs("6.3.8")
async def test_whatever_is_wrong_page_headers_and_questions_are_the_same(
    ada: Walker, services: Services, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = await adds_an_app(ada, clock)
    await join(ada, alias="Bo")
    runs: list[object] = []
    asked: list[str] = []
    run, execute, pipe = services.pools.staff.run, services.durable.execute_command, services.durable.pipeline

    async def counted(parameters: object, secret: bytes, salt: bytes) -> bytes:
        runs.append(parameters)
        return await run(parameters, secret, salt)  # type: ignore[arg-type]

    async def heard(*words: object, **options: object) -> object:
        asked.append(str(words[0]))
        return await execute(*words, **options)

    def piped(*, transaction: bool = True) -> object:
        asked.append("pipeline")
        return pipe(transaction=transaction)

    monkeypatch.setattr(services.pools.staff, "run", counted)
    monkeypatch.setattr(services.durable, "execute_command", heard)
    monkeypatch.setattr(services.durable, "pipeline", piped)
    wrong = [
        ("nobody", "some long passphrase here", "123456"),
        ("ada", "some long passphrase here", "123456"),
        ("ada", PASSPHRASE, "123456"),
        ("ada", "some long passphrase here", app.at(clock.now() + timedelta(seconds=30))),
        ("ada", PASSPHRASE, ""),
        ("Bo", "some long passphrase here", "123456"),
    ]
    pages, heads, questions = set(), set(), set()
    for name, passphrase, code in wrong:
        asked.clear()
        stranger = ada.fresh()
        await stranger.signs_in(name, passphrase, code=code)
        assert not stranger.cookie
        pages.add(stranger.page)
        heads.add(frozenset(stranger.headers))
        questions.add(tuple(asked))
    assert (len(pages), len(heads), len(questions)) == (1, 1, 1), questions
    assert len(runs) == len(wrong)
    assert len(set(runs)) == 1


@pytest.mark.asvs("6.3.1")
async def test_who_found_a_passphrase_does_not_try_digits_until_some_fit(
    ada: Walker, services: Services, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, codes = await adds_an_app(ada, clock)
    monkeypatch.setattr(Unlocking, "_step", lambda *_: None)  # the pace by name has a test of its own
    for _ in range(MOST_WRONG):
        assert not await ada.fresh().signs_in("ada", code="123456")
    clock.advance(timedelta(minutes=1))

    assert not await ada.fresh().signs_in("ada", code=app.at(clock.now())), "no digits any more today"
    came = ada.fresh()
    assert await came.signs_in("ada", code=codes[0]), "and the slip goes on"
    assert came.sees(f"somebody typed your passphrase {MOST_WRONG + 1} times")
    assert "second.failed" in await acts(services)
    assert await ada.fresh().signs_in("ada", code=app.at(clock.now()))


async def test_a_stranger_without_the_passphrase_pauses_nobodys_digits(
    ada: Walker, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = await adds_an_app(ada, clock)
    monkeypatch.setattr(Unlocking, "_step", lambda *_: None)
    for _ in range(MOST_WRONG + 2):
        await ada.fresh().signs_in("ada", "some long passphrase here", code="123456")
    clock.advance(timedelta(minutes=1))
    assert await ada.fresh().signs_in("ada", code=app.at(clock.now()))


@pytest.mark.asvs("6.3.3")
async def test_who_is_asked_may_put_it_off_for_some_days_and_then_nothing_else_opens(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    bo = await join(ada, alias="Bo")
    await give(ada, "Bo", "chat", "tips")
    bo = ada.fresh()
    await bo.signs_in("Bo")
    assert bo.address == SECOND
    assert bo.sees("for 7 days more")
    assert (await services.staff.who(bo.cookie)).rights

    clock.advance(timedelta(days=6, hours=11))
    await bo.signs_in("Bo")
    assert (await services.staff.who(bo.cookie)).rights
    clock.advance(timedelta(hours=2))
    assert (await services.staff.who(bo.cookie)).rights, "not in the middle of a shift"

    await bo.signs_in("Bo")
    assert (await services.staff.who(bo.cookie)).rights, "nor at a desk that is unlocked across midnight"
    clock.advance(timedelta(days=1))
    await bo.signs_in("Bo")
    signed = await services.staff.who(bo.cookie)
    assert not signed.rights
    assert not signed.compartment_keys("tips")
    assert await bo.open("/desk/chats") == 404
    await bo.open("/desk")
    assert bo.sees("Until then nothing else of the desk opens.")
    await adds_an_app(bo, clock)
    assert (await services.staff.who(bo.cookie)).compartment_keys("tips"), "at once, in the same session"


async def test_who_reads_nothing_is_not_asked_and_may_have_one_all_the_same(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    assert set(roles_with_keys()) == {"advocate", "supervisor", "administrator"}
    await join(ada, alias="Stat", role="statistics_viewer")
    stat = ada.fresh()
    assert await stat.signs_in("Stat")
    assert stat.address == "/desk"
    await adds_an_app(stat, clock)
    clock.advance(timedelta(minutes=1))
    assert not await ada.fresh().signs_in("Stat")

    await stat.open(SECOND)
    factor = re.search(r'name="factor" value="([^"]+)"', stat.page)
    assert factor
    await stat.post(f"{SECOND}/remove", {"factor": factor[1], "passphrase": PASSPHRASE})
    assert await ada.fresh().signs_in("Stat")


@pytest.mark.asvs("7.5.1")
async def test_the_last_one_of_a_role_that_is_asked_stays_and_each_change_wants_the_passphrase(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    await ada.post(f"{SECOND}/code", {"passphrase": "some long passphrase here"})
    assert ada.address.startswith(SECOND)
    assert not ada.slip()
    await adds_an_app(ada, clock)
    await ada.open(SECOND)
    factor = re.search(r'name="factor" value="([^"]+)"', ada.page)
    assert factor
    for passphrase, said in (("some long passphrase here", "name and passphrase"), (PASSPHRASE, "Add another one")):
        await ada.post(f"{SECOND}/remove", {"factor": factor[1], "passphrase": passphrase})
        assert ada.sees(said)
    await adds_an_app(ada, clock)
    await ada.post(f"{SECOND}/remove", {"factor": factor[1], "passphrase": PASSPHRASE})
    assert ada.sees("Done.")
    assert [act for act in await acts(services) if act.startswith("second")] == [
        "second.added",
        "second.added",
        "second.removed",
    ]


async def test_who_only_writes_rows_neither_makes_a_proof_nor_does_away_with_one(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    app, codes = await adds_an_app(ada, clock)
    await join(ada, alias="Bo")
    bo = ada.fresh()
    await bo.signs_in("Bo")
    theirs, _ = await adds_an_app(bo, clock)
    hers = (await services.staff.who(ada.cookie)).staff_id
    clock.advance(timedelta(minutes=1))
    async with services.database.write() as connection:
        # His own proof under her name, and hers taken away.
        await connection.execute(delete(factors).where(factors.c.person == hers))
        await connection.execute(update(factors).values(person=hers))

    for code in ("", theirs.at(clock.now()), app.at(clock.now()), codes[0]):
        assert not await ada.fresh().signs_in("ada", code=code)


@pytest.mark.asvs("14.2.1")
async def test_the_secret_is_shown_to_nobody_else_and_stands_in_no_address(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    await join(ada, alias="Bo")
    bo = ada.fresh()
    await bo.signs_in("Bo")
    await ada.post(f"{SECOND}/code", {"passphrase": PASSPHRASE})
    spelled, address = "".join(ada.slip()), ada.address
    assert re.search(r'<svg class="desk-dots"', ada.page)
    assert spelled not in address
    await bo.open(address)
    assert bo.address == SECOND
    assert not bo.slip()


async def test_the_disk_tells_no_secret_and_no_name_of_a_device(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    app, _ = await adds_an_app(ada, clock)
    file = services.settings.database_path
    raw = b"".join(path.read_bytes() for path in (file, file.with_name(file.name + "-wal")) if path.exists())
    kept = [value async for value in strings(services)]
    for secret in (app.byte_secret(), app.secret.encode(), b"My phone"):
        assert secret not in raw
        assert [value for value in kept if secret in value] == []


async def strings(services: Services) -> AsyncIterator[bytes]:
    for store in (services.durable, services.ember_client):
        async for key in store.scan_iter():
            yield key
            if await store.type(key) == b"string":
                value = await store.get(key)
                yield value if isinstance(value, bytes) else b""

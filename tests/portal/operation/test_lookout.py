"""The house looks at itself: what fails for real is said in words, calls whoever is on call, and heals by itself."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server

import pytest

from portal.alerts.ladder import SHOWN_MS
from portal.clock import StillClock
from portal.operation import lookout
from portal.operation.calling import Calling
from portal.operation.certificate import Life, NoCertificate, of_file, of_port
from portal.operation.judging import Finding, Grade
from portal.operation.moments import ClockWatch
from portal.operation.watch import Watch
from portal.services import Services
from portal.store.database import DatabaseAway
from portal.store.valkey import ValkeyAway
from tests.portal.staff.walker import set_up, walker
from tests.support.certificate import certificate
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.anyio


async def found(services: Services, matter: str) -> Finding:
    return next(each for each in await services.lookout.look() if each.matter == matter)


# The disk


async def test_a_disk_that_takes_nothing_more_is_said_at_once(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await found(services, "disk")).grade is not Grade.NOW
    real = os.statvfs(services.settings.data_dir)

    monkeypatch.setattr(os, "statvfs", lambda _path: os.statvfs_result((*real[:3], 0, 0, *real[5:])))
    assert (await found(services, "disk")).word == "disk_full"


async def test_a_folder_that_is_gone_takes_nothing_either(services: Services) -> None:
    shutil.rmtree(services.settings.keys_dir)

    assert (await found(services, "disk")).values == {"place": "keys", "percent": 0}


# The clock


def test_a_jump_is_seen_forward_and_back_and_a_process_that_stood_still_saw_none(clock: StillClock) -> None:
    steady = 0.0
    watch = ClockWatch(clock, lambda: steady)
    assert watch.look() is None
    for moved, passed, by in ((1, 1, None), (3600, 1, 3599.0), (1, 1, None), (-86_400, 0, -86_400.0), (500, 500, None)):
        steady += passed
        clock.advance(timedelta(seconds=moved))
        assert watch.look() == by
    assert watch.lately == -86_400.0
    steady += 3601
    assert watch.lately is None


@pytest.mark.parametrize(
    ("jumps", "is_back"),
    [((86_400, -86_400), True), ((7_200, -3_600, -3_630), True), ((-86_400,), False), ((3_600, -86_400), False)],
)
def test_a_clock_that_came_back_is_told_from_one_that_is_behind(
    clock: StillClock, jumps: tuple[int, ...], is_back: bool
) -> None:
    watch = ClockWatch(clock, lambda: 0.0)
    assert (watch.was_set_back, watch.is_back) == (False, False)
    for by in jumps:
        clock.advance(timedelta(seconds=by))
        assert watch.was_set_back is (by < 0)
    assert watch.is_back is is_back


async def test_a_clock_that_jumped_is_counted_and_said(services: Services, clock: StillClock) -> None:
    watch = Watch(services)
    watch.beat()
    clock.advance(timedelta(minutes=5))
    watch.beat()

    assert services.tally.clock_jumps() == 1
    assert (await found(services, "clock")).grade is Grade.BAD


# The certificate


@contextmanager
def proxy(folder: Path, *names: str) -> Iterator[int]:
    """Something that answers by TLS as a proxy does, with a certificate for two days."""
    made = certificate(folder, *names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.chain, made.key)
    with closing(create_server(("127.0.0.1", 0))) as listening:

        def answer() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with closing(line):
                    try:
                        context.wrap_socket(line, server_side=True).close()
                    except OSError:
                        continue

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(2)
    thread.join(2)


def test_the_same_days_are_read_from_the_file_and_from_whoever_serves_it(tmp_path: Path) -> None:
    with proxy(tmp_path, "talk.example") as port:
        served = of_port("127.0.0.1", port, "talk.example")

    assert served == of_file(tmp_path / "fullchain.pem")
    assert 0.6 < served.left(datetime.now(UTC)) < 0.7
    for broken in (tmp_path / "privkey.pem", tmp_path / "none.pem"):
        with pytest.raises(NoCertificate):
            of_file(broken)
    with pytest.raises(NoCertificate, match="silent"):
        of_port("127.0.0.1", port, "talk.example")


@pytest.mark.parametrize(("days", "grade"), [(0.4, Grade.WELL), (1.5, Grade.SOON), (1.9, Grade.BAD), (2.1, Grade.NOW)])
async def test_a_certificate_that_ends_is_said_in_time(
    services: Services, clock: StillClock, tmp_path: Path, days: float, grade: Grade
) -> None:
    certificate(tmp_path, "talk.example")
    path = tmp_path / "fullchain.pem"
    services.settings = replace(services.settings, certificate=path)
    clock.advance(datetime.now(UTC) + timedelta(days=days) - clock.now())

    assert (await found(services, "certificate")).grade is grade


def test_a_life_without_length_is_over() -> None:
    now = datetime.now(UTC)
    assert Life(now, now).left(now) == 0.0


# The stores


async def test_a_database_that_is_gone_is_said_and_what_hangs_on_it_is_not_known(services: Services) -> None:
    hidden = services.settings.database_path.rename(services.settings.database_path.with_suffix(".away"))
    findings = {each.matter: each for each in await services.lookout.look()}
    assert findings["database"].word == "database.silent"
    assert {findings[name].grade for name in ("backup", "audit", "keys")} == {Grade.UNKNOWN}

    hidden.rename(services.settings.database_path)
    assert (await found(services, "database")).grade is Grade.WELL


async def test_a_store_that_reads_its_file_is_not_one_that_is_gone(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def loading() -> None:
        raise ValkeyAway("BusyLoadingError")

    monkeypatch.setattr(services.durable, "ping", loading)
    assert (await found(services, "durable")).word == "durable.loading"


async def test_stores_that_keep_what_they_must_are_in_order(services: Services) -> None:
    assert (await found(services, "persistence")).grade is Grade.WELL


# The calling


async def called(services: Services) -> int:
    return len(await services.alerts.open_matters("operation"))


async def test_what_stays_wrong_calls_once_and_no_more_when_it_is_right_again(services: Services) -> None:
    await set_up(walker(services))
    calling, full = Calling(services), [Finding("disk", Grade.NOW, "disk_full", {"place": "data", "percent": 0})]
    await calling.heed(full)
    assert await called(services) == 0, "once may be a restart"
    for _ in range(3):
        await calling.heed(full)
    assert await called(services) == 1

    await calling.heed([Finding("disk", Grade.UNKNOWN, "not_known")])
    assert await called(services) == 1, "what cannot be looked at is not mended"
    await calling.heed([Finding("disk", Grade.WELL, "well")])
    assert await called(services) == 0


async def test_what_can_wait_until_morning_wakes_nobody(services: Services, clock: StillClock) -> None:
    await set_up(walker(services))
    calling, old = Calling(services), [Finding("backup", Grade.BAD, "backup_old")]
    clock.advance(timedelta(hours=14))  # two in the morning, and nine at night in the house's own place
    for _ in range(3):
        await calling.heed(old)
    assert await called(services) == 0
    clock.advance(timedelta(hours=14))
    await calling.heed(old)
    assert await called(services) == 1


async def test_whoever_said_yes_is_left_alone_for_a_shift(services: Services, clock: StillClock) -> None:
    await set_up(walker(services))
    calling, full = Calling(services), [Finding("disk", Grade.NOW, "disk_full")]
    for _ in range(2):
        await calling.heed(full)
    (name,) = await services.alerts.open_matters("operation")
    await services.alerts.says_yes(name, bytes(16))
    clock.advance(timedelta(minutes=1))
    await calling.heed(full)
    assert await called(services) == 0
    assert SHOWN_MS == 12 * 3_600_000


async def test_with_a_store_away_the_watch_goes_on(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> None:
        raise DatabaseAway("gone")

    monkeypatch.setattr(Calling, "heed", gone)
    await Watch(services).look()
    assert services.lookout.findings


# The page


async def test_the_page_is_one_green_sentence_when_all_is_well(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await set_up(walker(services))

    async def all_well() -> list[Finding]:
        return []

    monkeypatch.setattr(services.lookout, "look", all_well)
    assert await ada.open("/desk/operation") == 203
    assert "All is well." in ada.page


# A database that is held, and a desk that cannot be opened


async def test_a_database_that_answers_and_takes_nothing_is_found_by_trying(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await found(services, "database")).grade is Grade.WELL
    monkeypatch.setattr(lookout, "WITHIN_S", 0.4)
    with closing(sqlite3.connect(services.settings.database_path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert (await found(services, "database")).word == "database.takes_nothing"
        holder.execute("ROLLBACK")
    async with asyncio.timeout(PATIENCE_S):
        while (await found(services, "database")).grade is not Grade.WELL:  # noqa: ASYNC110 - a lock tells nobody
            await asyncio.sleep(0.05)


async def test_with_a_store_away_the_desk_says_in_words_what_is_wrong_and_what_to_do(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can sign in then, so whoever was called in the night reads it before the door."""
    ada = await set_up(walker(services))

    async def gone(*_: object, **__: object) -> None:
        raise ValkeyAway("ConnectionError")

    for store in (services.durable, services.ember_client):
        monkeypatch.setattr(store, "ping", gone)
        monkeypatch.setattr(store, "execute_command", gone)
    assert await ada.open("/desk/operation") == 503
    assert "store of conversations does not answer" not in ada.page, "nobody waits for a look"
    async with asyncio.timeout(PATIENCE_S):
        while not services.lookout.findings:  # noqa: ASYNC110 - a look tells nobody that it is over
            await asyncio.sleep(0.05)
    assert await ada.open("/desk/operation") == 503
    assert "The store of conversations does not answer. Nobody can chat." in ada.page
    assert "Look first whether the disk is full" in ada.page
    assert "No backup" not in ada.page, "what keeps nobody out stands behind the door"

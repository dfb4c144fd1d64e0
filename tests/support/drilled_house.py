"""Makes the house that a drill loses: years of tips, photos, people, cases, consents, a directory, figures, an audit.

    python -m tests.support.drilled_house FOLDER TIPS

Writes two backups into FOLDER, a day between them, and `facts.json`: what somebody knows who lived in it. The house
itself goes with the process.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import pyotp
from sqlalchemy import func, select

from bench.tips.filled import fill
from bench.tips.run import settings_at
from portal.backup.take import Taken, take
from portal.clock import StillClock
from portal.consent.terms import Kind, Subject
from portal.figures.closing import Closing
from portal.figures.tables import figure_releases
from portal.ids import random_id, to_text
from portal.staff.proofs import totp
from portal.staff.proofs.asking import HAS_ONE
from portal.staff.proofs.factors import Totp
from portal.staff.proofs.second import SecondProofs
from portal.store.migrate import bring_up_to_date
from portal.vault.passwords import Pools
from tests.portal.directory.conftest import SHELTER, fill as fill_directory
from tests.portal.figures.quarters import record
from tests.portal.staff.walker import give, join, walker
from tests.support import photos
from tests.support.consents import yes
from tests.support.rooms import running, wire
from tests.support.row_digests import digests
from tests.tips.backups.test_records import REQUEST, begun
from tests.tips.conftest import WORDS, TipHouse, make_tip_house
from tests.tips.files.conftest import files_house
from tests.tips.test_filing import FORM, file_with_receipt

KEPT: Final = "three green lorries behind the weaving mill"
GONE: Final = "a brass key lies under the millstone"
STAFF, PHOTOS, CASES, RECORDS, SERVICES = 12, 40, 200, 600, 400
DAYS: Final = 150
"""So long ago it was set up: a quarter has closed since."""


async def made(folder: Path, tips: int) -> None:
    """The house from its first day to its last backup."""
    with tempfile.TemporaryDirectory(prefix="lost-") as lost, ExitStack() as held:
        settings = settings_at(Path(lost), held)
        bring_up_to_date(settings.database_path)
        services = wire(settings, clock := StillClock(datetime.now(UTC) - timedelta(days=DAYS)))
        await services.pools.close()
        services.pools = Pools()  # the real Argon2: her passphrase is typed on the other machine
        async with running(services):
            house = await make_tip_house(services, clock)
            app = await _second_proof(house)
            await _records(house)
            await _staff(house, app)
            await fill(house, (services.database,), tips)
            photo = await _photos(house)
            kept, number = await file_with_receipt(house, replace(FORM, words=KEPT))
            erased, its_number = await file_with_receipt(house, replace(FORM, words=GONE))
            clock.advance(datetime.now(UTC) - clock.now() - timedelta(days=1))
            before = await take(settings, _under(folder, "older"), clock.now().date())
            await house.follow_up.erase(erased.visit)
            clock.advance(timedelta(days=1))
            newest = await take(settings, _under(folder, "newest"), clock.now().date())
            facts = {
                "name": WORDS.name,
                "passphrase": WORDS.passphrase,
                "app": app,
                "sheets": [" ".join(sheet.groups()) for sheet in house.sheets],
                "number": number.code,
                "tip": to_text(kept.tip),
                "erased": its_number.code,
                "photo": photo,
                "rows": await digests(services.database),
                "house_mib": settings.database_path.stat().st_size / 2**20,
                "sizes_mib": [path.stat().st_size / 2**20 for path in _of(newest)],
                "older": [path.name for path in _of(before)],
                "newest": [path.name for path in _of(newest)],
            }
        (folder / "facts.json").write_text(json.dumps(facts), "utf-8")


async def _records(house: TipHouse) -> None:
    """Contacts, cases with people and referrals, consents, a request, a directory, and a quarter that is closed."""
    services, robin = house.services, house.robin
    for at in range(RECORDS):
        await services.contacts.put(await services.contacts.seal(record(("ca-on", "ca-qc", "ca-bc")[at % 3])))
    rows = await fill_directory(services.directory, robin)
    for at in range(SERVICES):
        more = msgspec.structs.replace(SHELTER, name=f"Shelter {at}")
        await services.directory.add_service(robin, rows["Haven House"], more)
    for at in range(CASES):
        case = await begun(house, f"Works above shop {at}.")
        today = house.clock.now().date()
        given = await services.consents.give(robin, msgspec.structs.replace(yes(today), subject=case))
        if at % 5 == 0:
            await services.consents.take_back(robin, Subject(Kind.CASE, case), given)
    await services.requests.write(robin, REQUEST, random_id())
    house.clock.advance(timedelta(days=DAYS - 2))

    async def stands(_: bytes) -> bool:
        return True

    services.staff.sessions.stands = stands  # type: ignore[method-assign, assignment]
    await Closing(services).work(robin)
    async with services.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(figure_releases))


async def _staff(house: TipHouse, app: str) -> None:
    """Colleagues, each invited, come in, and given keys."""
    robin = walker(house.services)
    robin.passphrase = WORDS.passphrase
    assert await robin.signs_in(WORDS.name, code=pyotp.TOTP(app).at(house.clock.now()))
    for at in range(STAFF):
        alias = f"Colleague{at}"
        await join(robin, alias=alias, role="supervisor" if at % 4 == 0 else "advocate", training=("chat", "tips"))
        await give(robin, alias, "chat", "tips")
        house.clock.advance(timedelta(seconds=40))  # the house lets nobody give keys faster


async def _second_proof(house: TipHouse) -> str:
    """An app on her phone that shows digits from now on; its secret as the phone holds it."""
    services, secret = house.services, totp.new_secret()
    factors, day = SecondProofs(services).factors, house.clock.now().date()
    async with services.database.write() as connection:
        await factors.add(connection, house.robin.staff_id, Totp("My phone", secret), day, used=0)
        await services.staff.accounts.change(connection, house.robin.staff_id, second=HAS_ONE)
    return totp.spelled(secret)


async def _photos(house: TipHouse) -> dict[str, str]:
    """Tips with a picture each, kept as it was sent; the last of them."""
    await files_house(house).switches_on()
    sent, visit, file = photos.phone_photo(), None, b""
    for _ in range(PHOTOS):
        files = files_house(house)  # a house takes fewer of strangers in a minute
        visit = await files.visits()
        file = await files.sends(visit, sent, keeps=True)
    assert visit is not None
    return {"tip": to_text(visit.tip), "file": to_text(file), "sha256": hashlib.sha256(sent).hexdigest()}


def _of(taken: Taken) -> tuple[Path, Path]:
    return taken.house, taken.keys


def _under(folder: Path, name: str) -> Path:
    under = folder / name
    under.mkdir(parents=True)
    return under


if __name__ == "__main__":
    asyncio.run(made(Path(sys.argv[1]), int(sys.argv[2])))

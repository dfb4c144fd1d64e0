"""Sets a house up once: the first keys, the first person, the three recovery sheets."""

import asyncio
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from sqlalchemy import insert

from portal.errors import PorchlightError
from portal.folder import CODE_FILE
from portal.ids import random_id
from portal.opening import is_set_up
from portal.paper import holders
from portal.settings import Settings
from portal.staff.codes import new_code, read_code
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.keys.ledger import BookPage
from portal.staff.passphrase import check_name, check_passphrase
from portal.staff.rights import Role
from portal.staff.tables import grants
from portal.staff.trail import audit
from portal.staff.training import CHAT
from portal.staff.unlock import Unlocked, make_lock, new_person
from portal.vault.bundles import Bundle, StaffKeys, new_seed, staff_keys
from portal.vault.compartments import COMPARTMENTS, CompartmentKeys, grant, new_compartment
from portal.vault.keyfiles import new_pepper, seal_peppers
from portal.vault.recovery import RecoveryKeys, new_recovery, recovery_keys
from portal.vault.sayings import say_compartment, say_grant, say_granter, say_recovery, say_staff
from portal.vault.sheets import Sheet, new_sheets
from portal.vault.statement import NOTHING_SAID, RECOVERY, KeyRight
from portal.web.throttle import Throttle

if TYPE_CHECKING:
    from portal.services import Services

FIRST_PEPPER: Final = 1


class CodeWrong(PorchlightError):
    """This is not the set-up code of this house, or it was tried too often just now."""

    phrase: ClassVar[str] = "desk.error.setup_code"
    status: ClassVar[int] = 403


class AlreadySetUp(PorchlightError):
    """Somebody has set this house up; it happens once."""

    phrase: ClassVar[str] = "desk.error.already_set_up"
    status: ClassVar[int] = 409


def setup_code(settings: Settings) -> str | None:
    """The one-time code to print at the start of a house nobody has set up; None afterwards.

    Made at the first start and kept, 0600, in the data folder, so that every process and every restart tells the same
    one. Set-up removes it.
    """
    path = _code_path(settings)
    if KeysFolder(settings.keys_dir, settings.data_dir).is_made():
        path.unlink(missing_ok=True)
        return None
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{CODE_FILE}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(new_code() + "\n")
    try:
        # A link, not a move: of two first starts, one wins and both read the winner's code.
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    return path.read_text("ascii").strip()


@dataclass(frozen=True)
class FirstWords:
    """What the first person tells about the house and about herself."""

    house: str
    phone_line: str
    region: str
    alias: str
    name: str
    passphrase: str
    languages: tuple[str, ...]
    tongue: str

    def __repr__(self) -> str:
        return "FirstWords(...)"  # A passphrase is among them.


@dataclass(frozen=True)
class SetUpDone:
    """The first person with her keys open, and the three recovery sheets, which nobody keeps."""

    first: Unlocked
    sheets: tuple[Sheet, ...]

    def __repr__(self) -> str:
        return "SetUpDone(...)"


class SetUp:
    """The act that happens once in the life of a house."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._pace = Throttle(burst=5, each_second=1 / 20, names=1)

    async def set_up(self, code: str, words: FirstWords, *, is_drill: bool = False) -> SetUpDone:
        """Make every first key, the first person and the facts of the house; of a drill, with sheets that say so.

        The order is what makes a kill harmless. Files outside the database are written first and count for nothing
        while they are marked unfinished; one transaction then makes the house; the mark and the code go last. Killed
        before the commit: not set up, start again. Killed after it: set up, and the next start tidies.

        Raises CodeWrong, AlreadySetUp, NameWrong, PassphraseWeak and its kinds, PoolFull.
        """
        self._check_code(code)
        check_passphrase(words.passphrase, check_name(words.name))
        root = recovery_keys(secret := new_recovery())
        paper = new_sheets(secret, is_drill=is_drill)
        pepper, seed, staff_id = new_pepper(), new_seed(), random_id()
        keys = staff_keys(seed)
        person = new_person(
            staff_id,
            keys,
            alias=words.alias,
            role=Role.ADMINISTRATOR,
            languages=words.languages,
            tongue=words.tongue,
            # Nobody is there who could sign her off; she decides who takes chats, so she may herself.
            training=frozenset({CHAT}),
        )
        lock = await make_lock(
            self._services.pools,
            person,
            words.name,
            words.passphrase,
            Bundle(seed, root.root_public, NOTHING_SAID),
            FIRST_PEPPER,
            pepper,
        )
        staff, folder = self._services.staff, self._services.staff.folder
        holding = folder.locked("setup.lock")
        await asyncio.to_thread(holding.__enter__)
        try:
            await self._check_not_set_up()
            box = seal_peppers({FIRST_PEPPER: pepper}, root.open_public, paper.locks)
            await asyncio.to_thread(folder.begin, {FIRST_PEPPER: pepper}, root.root_public, box)
            async with staff.ledger.writing(root.root_public) as page:
                await _write_book(page, root, staff_id, keys, self._services.clock.now().date())
                await staff.accounts.add(page.connection, lock, pepper)
                await holders.begin(page.connection, paper.sheets, ("", "", ""), FIRST_PEPPER, pepper)
                await self._services.opening.begin(
                    page.connection,
                    name=words.house,
                    phone_line=words.phone_line,
                    region=words.region,
                    receipt_salt=secrets.token_bytes(16),
                )
                await audit.line(page.connection, at=self._services.clock.now(), act="house.set_up", staff_id=staff_id)
            await asyncio.to_thread(self._tidy)
        finally:
            await asyncio.to_thread(holding.__exit__, None, None, None)
        self._services.opening.forget()
        return SetUpDone(Unlocked(person, keys), paper.sheets)

    def _check_code(self, typed: str) -> None:
        if not self._pace.allows():
            raise CodeWrong("pace")
        try:
            kept = read_code(_code_path(self._services.settings).read_text("ascii")) or ""
        except OSError:
            kept = ""
        if not kept or not hmac.compare_digest(kept, read_code(typed) or ""):
            raise CodeWrong("wrong code")

    async def _check_not_set_up(self) -> None:
        async with self._services.database.read() as connection:
            if await is_set_up(connection):
                raise AlreadySetUp("there is a house already")

    def _tidy(self) -> None:
        self._services.staff.folder.finish()
        _code_path(self._services.settings).unlink(missing_ok=True)


async def _write_book(page: BookPage, root: RecoveryKeys, staff_id: bytes, keys: StaffKeys, day: date) -> None:
    """The first lines of the book, all in the root's own hand, and the sealed keys they speak of."""
    signer = root.signer()
    await page.write(say_recovery(page.latest, signer, day, root.open_public))
    await page.write(say_staff(page.latest, signer, day, staff_id, keys.open_public, keys.sign_public))
    await page.write(say_granter(page.latest, signer, day, staff_id, KeyRight))
    pairs: Mapping[str, CompartmentKeys] = {name: new_compartment() for name in COMPARTMENTS}
    for name, pair in pairs.items():
        await page.write(say_compartment(page.latest, signer, day, name, pair.public))
    for name, pair in pairs.items():
        for holder, public in ((staff_id, keys.open_public), (RECOVERY, root.open_public)):
            number = await page.write(say_grant(page.latest, signer, day, holder, name, 1, public, pair.public))
            seal = grant(pair.private, public, compartment=name, version=1, holder=holder, statement=number)
            await page.connection.execute(insert(grants).values(statement=number, holder=holder, seal=seal))


def _code_path(settings: Settings) -> Path:
    return settings.data_dir / CODE_FILE

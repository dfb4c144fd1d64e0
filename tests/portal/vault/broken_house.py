"""A real house on real files, and somebody who can write every row of its database and holds one person's keys."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portal.services import Services
from portal.staff.invitations import Invitations
from portal.staff.keys.fingerprint import spoken_digits
from portal.staff.keys.granting import Granting
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.keys.ledger import BookBroken, StatementBook
from portal.staff.keys.setup import FirstWords, SetUp, setup_code
from portal.staff.rights import Role
from portal.staff.sessions.session import Signed
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocked, Unlocking
from portal.store.database import Database
from portal.vault import tips as vault_tips
from portal.vault.compartments import COMPARTMENTS, CompartmentKeys, new_compartment
from portal.vault.errors import SealBroken, VaultError
from portal.vault.statements import Ledger, Statement
from tips.access import Doors
from tips.form import TipForm
from tips.intake import Filed, Intake

ANA = FirstWords("Lamp", "555-0100", "CA-ON", "Ana", "ana", "seven small green lamps", ("en",), "en")
BO_NAME, BO_WORDS = "bo", "nine quiet yellow doors"
FOREIGN = new_compartment()


@dataclass
class Home:
    """A house with two people: Ana, who may sign, and Bo, whose keys the writer knows and who was put out of tips."""

    services: Services
    ana: bytes
    bo: Unlocked
    bo_rows_before: list[tuple[int, bytes, bytes]]
    tips: CompartmentKeys
    opened: list[Database] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The database file."""
        return self.services.settings.database_path

    def write(self, *lines: str, values: tuple[object, ...] = ()) -> None:
        """What the writer does: any SQL, straight into the file, with the table's own triggers out of his way."""
        with closing(sqlite3.connect(self.path)) as raw, raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                raw.execute(f"DROP TRIGGER {name}")
            for line in lines:
                raw.execute(line, values if "?" in line else ())

    def lines(self) -> list[bytes]:
        """Every stored statement."""
        with closing(sqlite3.connect(self.path)) as raw:
            return [line for (line,) in raw.execute("SELECT line FROM key_statements ORDER BY n")]

    def put_line(self, number: int, line: bytes) -> None:
        """Put a statement at a number, in place of what stands there."""
        self.write("INSERT OR REPLACE INTO key_statements (n, line) VALUES (?, ?)", values=(number, line))

    def chain(self) -> Ledger:
        """The chain as the writer can read it."""
        root = self.services.staff.folder.root_public()
        return Ledger.verify([Statement.from_row(line) for line in self.lines()], root)

    def chain_up_to(self, number: int) -> Ledger:
        """The chain as it was when it ended with this line."""
        root = self.services.staff.folder.root_public()
        return Ledger.verify([Statement.from_row(line) for line in self.lines()[:number]], root)

    def restarted(self) -> StatementBook:
        """The book as a server that starts now would read it."""
        settings = self.services.settings
        self.opened.append(Database(self.path))
        return StatementBook(self.opened[-1], KeysFolder(settings.keys_dir, settings.data_dir))


@dataclass(frozen=True)
class Made:
    """A house as it was made once for all tests of this file: its two folders, and what the writer took before."""

    folder: Path
    ana: bytes
    bo: Unlocked
    bo_rows_before: list[tuple[int, bytes, bytes]]
    tips: CompartmentKeys


async def make(services: Services, folder: Path) -> Made:
    settings = services.settings
    code = setup_code(settings)
    assert code
    first = (await SetUp(services).set_up(code, ANA)).first
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    sign_in = SignIn(services, unlocking)
    granting, invitations = Granting(services, unlocking, sign_in), Invitations(services)
    ana = await services.staff.who((await sign_in.let_in(first)).token)
    invitation = await invitations.invite(ana, role=Role.ADVOCATE, alias="Bo", languages=("en",), tongue="en")
    bo = await invitations.accept(invitation, BO_NAME, BO_WORDS)
    heard = "".join(spoken_digits(bo.keys.open_public, bo.keys.sign_public))
    await granting.give(ana, ANA.passphrase, bo.person.id, ("chat", "tips"), heard=heard)
    tips = CompartmentKeys(
        ana.compartment_keys("tips")[1], (await services.staff.ledger.current()).compartment("tips").public
    )
    with closing(sqlite3.connect(settings.database_path)) as raw:
        rows = raw.execute("SELECT * FROM key_grants WHERE holder = ?", (bo.person.id,)).fetchall()
    await granting.take(ana, ANA.passphrase, bo.person.id, "tips")
    await services.database.checkpoint()
    for source in (settings.data_dir, settings.keys_dir):
        shutil.copytree(source, folder / source.name)
    return Made(folder, ana.staff_id, bo, rows, tips)


async def believes_nothing_new(home: Home, before: Ledger) -> None:
    """Ask the running house and a restarted one: each refuses, or knows exactly the keys it knew."""
    for book in (home.services.staff.ledger, home.restarted()):
        try:
            ledger = await book.current()
        except BookBroken:
            continue
        for name in COMPARTMENTS:
            assert ledger.compartment(name) == before.compartment(name)
            assert ledger.holders(name) == before.holders(name)
        assert ledger.staff(home.ana) == before.staff(home.ana)
        assert ledger.staff(home.bo.person.id) == before.staff(home.bo.person.id)


async def seals_only_to_true_keys(home: Home) -> None:
    """File a tip for real. Either it is refused aloud, or only the true key opens what was kept."""
    services = home.services
    try:
        filed = await file_a_tip(services)
    except VaultError:
        return
    with closing(sqlite3.connect(home.path)) as raw:
        copies = [
            value
            for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for row in raw.execute(f'SELECT * FROM "{table}"').fetchall()
            for value in row
            if isinstance(value, bytes) and len(value) == 116 and filed.filing.tip in row
        ]
    opened = 0
    peppers = services.staff.folder.peppers().values()
    for copy in copies:
        with pytest.raises(VaultError):
            vault_tips.open_words_key(copy, dict.fromkeys(range(9), FOREIGN.private), filed.filing.tip, peppers)
        try:
            vault_tips.open_words_key(copy, {1: home.tips.private}, filed.filing.tip, peppers)
            opened += 1
        except SealBroken:
            pass  # the key to the names, sealed to another compartment
    assert opened == 1


async def file_a_tip(services: Services) -> Filed:
    form, start = TipForm(words="a blue van"), services.start_tokens.make()
    return await Intake(services, Doors(services)).file_tip(form, language="en", start_token=start, wants_number=False)


async def sign_in(home: Home, name: str, passphrase: str) -> Signed:
    services = home.services
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    signed_in = await SignIn(services, unlocking).sign_in(name, passphrase)
    return await services.staff.who(signed_in.token)

"""Somebody who can write every row of the real database, and had the keys of one person who was put out.

Whatever he does, the house refuses aloud or nothing changes; never is anything sealed to a key of his.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portal.errors import NotThere
from portal.ids import random_id
from portal.opening import FactsForged, Opening
from portal.staff.accounts import RowForged
from portal.staff.desk import StaffRoom
from portal.staff.fingerprint import spoken_digits
from portal.staff.granting import Granting
from portal.staff.invitations import Invitations
from portal.staff.keys_folder import KeysFolder, KeysFolderWrong
from portal.staff.ledger import BookBroken, StatementBook
from portal.staff.rights import Role
from portal.staff.session import Signed
from portal.staff.setup import AlreadySetUp, CodeWrong, FirstWords, SetUp, setup_code
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocked, Unlocking, WrongPassphrase
from portal.store.database import Database
from portal.vault import tips as vault_tips
from portal.vault.bundles import new_seed, staff_keys
from portal.vault.compartments import COMPARTMENTS, CompartmentKeys, grant, new_compartment
from portal.vault.errors import SealBroken, VaultError
from portal.vault.recovery import new_recovery, recovery_keys
from portal.vault.sayings import say_compartment, say_grant, say_granter, say_rotate, say_staff
from portal.vault.sealing import seal_to
from portal.vault.statements import KeyRight, Ledger, Signer, Statement
from tests.portal.vault.fixed import DAY
from tips.access import Doors
from tips.form import TipForm
from tips.intake import Filed, Intake
from tips.review import Review

if TYPE_CHECKING:
    from portal.services import Services

pytestmark = pytest.mark.anyio

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


MADE: dict[str, Made] = {}


@pytest.fixture
async def home(services: Services, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    """The house, made by the real acts of the staff room; every test works on a copy of its files."""
    settings = services.settings
    if "house" not in MADE:
        MADE["house"] = await _make(services, tmp_path_factory.mktemp("made"))
    await services.database.close()
    made = MADE["house"]
    for name in ("data", "keys"):
        shutil.rmtree(settings.data_dir.parent / name)
        shutil.copytree(made.folder / name, settings.data_dir.parent / name)
    services.database = Database(settings.database_path)
    services.staff = StaffRoom(settings, services.clock, services.database, services.durable, services.embers)
    services.opening = Opening(services.database, services.staff.folder)
    made_home = Home(services, made.ana, made.bo, made.bo_rows_before, made.tips)
    yield made_home
    for database in made_home.opened:
        await database.close()


async def _make(services: Services, folder: Path) -> Made:
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


async def _believes_nothing_new(home: Home, before: Ledger) -> None:
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


async def _seals_only_to_true_keys(home: Home) -> None:
    """File a tip for real. Either it is refused aloud, or only the true key opens what was kept."""
    services = home.services
    try:
        filed = await _file_a_tip(services)
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


async def _file_a_tip(services: Services) -> Filed:
    form, start = TipForm(words="a blue van"), services.start_tokens.make()
    return await Intake(services, Doors(services)).file_tip(form, language="en", start_token=start, wants_number=False)


def _writers_own_chain() -> list[Statement]:
    """A flawless chain, under a root of the writer's."""
    root, seed = recovery_keys(new_recovery()), new_seed()
    keys, me = staff_keys(seed), random_id()
    ledger = Ledger(root.root_public)
    said: list[Statement] = []
    makers: list[Callable[[Ledger], Statement]] = [
        lambda at: say_staff(at.latest, root.signer(), DAY, me, keys.open_public, keys.sign_public),
        lambda at: say_granter(at.latest, root.signer(), DAY, me, KeyRight),
        *(
            lambda at, name=name: say_compartment(at.latest, root.signer(), DAY, name, new_compartment().public)
            for name in COMPARTMENTS
        ),
    ]
    for make in makers:
        said.append(make(ledger))
        ledger = ledger.follow(said[-1])
    return said


def _swap_the_key(home: Home) -> None:
    """The tips compartment's public key becomes the writer's, in the line itself."""
    for number, line in enumerate(home.lines(), 1):
        if home.tips.public in line:
            home.put_line(number, line.replace(home.tips.public, FOREIGN.public))


def _rotate_in_anas_name(home: Home) -> None:
    """A new version of tips, the writer's key, signed by the writer in Ana's name."""
    at = home.chain()
    line = say_rotate(at.latest, Signer(home.ana, new_seed()), DAY, "tips", 2, FOREIGN.public)
    home.put_line(line.number, line.to_row())


def _rotate_in_bos_name(home: Home) -> None:
    """The same, rightly signed by Bo, who has no right to it."""
    line = say_rotate(home.chain().latest, home.bo.signer, DAY, "tips", 2, FOREIGN.public)
    home.put_line(line.number, line.to_row())


def _bo_lets_himself_in(home: Home) -> None:
    """A grant of tips for Bo, rightly signed by Bo."""
    bo = home.bo
    line = say_grant(
        home.chain().latest, bo.signer, DAY, bo.person.id, "tips", 1, bo.keys.open_public, home.tips.public
    )
    home.put_line(line.number, line.to_row())


def _replay_the_old_grant(home: Home) -> None:
    """The true line that once let Bo into tips, put at the end again."""
    lines = home.lines()
    old = next(
        line
        for line in lines
        if (said := Statement.from_row(line)).kind == "grant"
        and said.subject == home.bo.person.id
        and said.compartment == "tips"
    )
    home.put_line(len(lines) + 1, old)


def _cut_off_the_revocation(home: Home) -> None:
    """The last line, which put Bo out, is gone."""
    home.write(f"DELETE FROM key_statements WHERE n = {len(home.lines())}")


def _erase_the_chain(home: Home) -> None:
    """No line is left at all."""
    home.write("DELETE FROM key_statements")


def _exchange_the_chain(home: Home) -> None:
    """A whole chain of the writer's own, longer than ours."""
    home.write("DELETE FROM key_statements")
    for line in _writers_own_chain():
        home.put_line(line.number, line.to_row())
    for number in range(len(home.lines()) + 1, 40):
        home.put_line(number, home.lines()[-1])


def _exchange_two_lines(home: Home) -> None:
    """Two lines change places."""
    lines = home.lines()
    home.put_line(5, lines[5])
    home.put_line(6, lines[4])


def _put_noise(home: Home) -> None:
    """A line that is none."""
    home.put_line(len(home.lines()) + 1, b"\x01\x01noise")


ON_THE_CHAIN = (
    _swap_the_key,
    _rotate_in_anas_name,
    _rotate_in_bos_name,
    _bo_lets_himself_in,
    _replay_the_old_grant,
    _cut_off_the_revocation,
    _erase_the_chain,
    _exchange_the_chain,
    _exchange_two_lines,
    _put_noise,
)


@pytest.mark.parametrize("attack", ON_THE_CHAIN, ids=lambda attack: attack.__name__.strip("_"))
async def test_a_change_of_the_chain_is_refused_and_nothing_is_sealed_to_a_foreign_key(
    home: Home, attack: Callable[[Home], None]
) -> None:
    before = await home.services.staff.ledger.current()
    await _seals_only_to_true_keys(home)
    attack(home)
    await _believes_nothing_new(home, before)
    with pytest.raises(BookBroken):
        await home.restarted().current()
    await _seals_only_to_true_keys(home)
    # A server that starts now seals nothing at all.
    home.services.staff.ledger = home.restarted()
    with pytest.raises(BookBroken):
        await Intake(home.services, Doors(home.services)).file_tip(
            TipForm(words="a blue van"),
            language="en",
            start_token=home.services.start_tokens.make(),
            wants_number=False,
        )


async def test_an_older_copy_of_the_whole_file_is_refused(home: Home, tmp_path: Path) -> None:
    services = home.services
    await services.database.checkpoint()
    shutil.copy(home.path, tmp_path / "older.db")
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    granting = Granting(services, unlocking, SignIn(services, unlocking))
    ana = await _sign_in(home, ANA.name, ANA.passphrase)
    await granting.take(ana, ANA.passphrase, home.bo.person.id, "chat")
    await services.database.checkpoint()
    with closing(sqlite3.connect(tmp_path / "older.db")) as older, closing(sqlite3.connect(home.path)) as raw:
        older.backup(raw)
    for book in (services.staff.ledger, home.restarted()):
        with pytest.raises(BookBroken):
            await book.current()


async def test_a_past_written_anew_with_a_right_that_was_taken_away_is_refused(home: Home) -> None:
    """Bo was a granter once. He cuts the chain off before he was not, and writes as many lines of his own."""
    services, bo = home.services, home.bo
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    ana = await unlocking.by_name(ANA.name, ANA.passphrase)
    async with services.staff.ledger.writing() as page:
        await page.write(say_granter(page.latest, ana.signer, DAY, bo.person.id, KeyRight))
    cut_at = (await services.staff.ledger.current()).head
    async with services.staff.ledger.writing() as page:
        await page.write(say_granter(page.latest, ana.signer, DAY, bo.person.id, ()))
    other_past = say_rotate(home.chain_up_to(cut_at).latest, bo.signer, DAY, "tips", 2, FOREIGN.public)
    home.put_line(other_past.number, other_past.to_row())
    assert home.chain().compartment("tips").public == FOREIGN.public  # flawless, for whoever has no memory
    with pytest.raises(BookBroken):
        await home.restarted().current()
    await _seals_only_to_true_keys(home)


async def test_a_row_slipped_in_or_kept_from_before_opens_nothing(home: Home) -> None:
    bo = home.bo
    for number, holder, seal in home.bo_rows_before:
        home.write(
            "INSERT OR REPLACE INTO key_grants (statement, holder, seal) VALUES (?, ?, ?)",
            values=(number, holder, seal),
        )
    slipped_in = grant(
        home.tips.private, bo.keys.open_public, compartment="tips", version=1, holder=bo.person.id, statement=99
    )
    home.write("INSERT INTO key_grants VALUES (?, ?, ?)", values=(99, bo.person.id, slipped_in))
    signed = await _sign_in(home, BO_NAME, BO_WORDS)
    assert signed.compartment_keys("tips") == {}
    assert set(signed.compartment_keys("chat")) == {1}


async def test_swapped_sealed_keys_are_left_out_and_said_aloud(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    at = await home.services.staff.ledger.current()
    mine = next(given for given in at.grants(home.ana) if given.compartment == "tips")
    public = at.staff(home.ana)
    assert public is not None
    foreign = grant(
        FOREIGN.private,
        public.open_public,
        compartment="tips",
        version=1,
        holder=home.ana,
        statement=mine.statement,
    )
    home.write("UPDATE key_grants SET seal = ? WHERE statement = ?", values=(foreign, mine.statement))
    signed = await _sign_in(home, ANA.name, ANA.passphrase)
    assert signed.compartment_keys("tips") == {}
    assert set(signed.compartment_keys("chat")) == {1}
    assert f"sealed_keys_refused statements={mine.statement}" in caplog.text


async def test_a_key_put_in_place_of_a_tips_own_gets_no_reply(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    """Sealed as rightly as ours, with words under it: but this house never marked it."""
    services = home.services
    tip, other = (await _file_a_tip(services)).filing.tip, (await _file_a_tip(services)).filing.tip
    ana = await _sign_in(home, ANA.name, ANA.passphrase)
    review = Review(services, Doors(services))
    assert [words.text for words in (await review.open(ana, tip)).words] == ["a blue van"]
    his = new_seed()
    sealed = seal_to(home.tips.public, 1, his, "tip", tip, "words")
    with closing(sqlite3.connect(home.path)) as raw:
        marks = [
            copy[84:] for (copy,) in raw.execute("SELECT words_copy FROM tip_keys WHERE tip IN (?, ?)", (tip, other))
        ]
    for mark in (bytes(32), b"", *marks):
        home.write("UPDATE tip_keys SET words_copy = ? WHERE tip = ?", values=(sealed + mark, tip))
        with pytest.raises(NotThere):
            await review.open(ana, tip)
        with pytest.raises(NotThere):
            await review.reply(ana, tip, "we are here", random_id())
    assert "tip_key_refused" in caplog.text
    assert [row.id for row in (await review.inbox(ana)).rows] == [other]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staff_people SET role = 'administrator' WHERE id = ?",
        "UPDATE staff_people SET is_active = 1, generation = 1 WHERE id = ?",
        "UPDATE staff_people SET open_public = randomblob(32) WHERE id = ?",
        "UPDATE staff_people SET sign_public = randomblob(32) WHERE id = ?",
        "UPDATE staff_people SET parameters = x'01000000080101' WHERE id = ?",
        "UPDATE staff_people SET verifier = randomblob(32) WHERE id = ?",
        "UPDATE staff_people SET mark = (SELECT mark FROM staff_people ORDER BY alias LIMIT 1) WHERE id = ?",
    ],
)
async def test_a_changed_row_of_a_person_is_refused(home: Home, change: str) -> None:
    home.write(change, values=(home.bo.person.id,))
    with pytest.raises(RowForged):
        await home.services.staff.accounts.person(home.bo.person.id)
    with pytest.raises(RowForged):
        await _sign_in(home, BO_NAME, BO_WORDS)


async def test_anothers_bundle_does_not_open(home: Home) -> None:
    home.write(
        "UPDATE staff_people SET bundle = (SELECT bundle FROM staff_people WHERE id = ?) WHERE alias = 'Ana'",
        values=(home.bo.person.id,),
    )
    with pytest.raises(VaultError):
        await _sign_in(home, ANA.name, ANA.passphrase)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE site_facts SET phone_line = '555-0199'",
        "UPDATE site_facts SET name = 'Another line'",
        "UPDATE site_facts SET receipt_salt = randomblob(16)",
        "UPDATE site_facts SET is_open = 1",
        "UPDATE site_facts SET mark = randomblob(32), phone_line = '555-0199'",
        "UPDATE site_facts SET mark = x'', phone_line = '555-0199'",
        "UPDATE site_facts SET mark = (SELECT mark FROM staff_people LIMIT 1), phone_line = '555-0199'",
    ],
)
async def test_no_page_shows_a_phone_number_the_writer_put_there(
    home: Home, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    services = home.services
    before = await services.opening.facts()
    assert before.phone_line == ANA.phone_line
    home.write(change)
    services.opening.forget()
    assert await services.opening.facts() == before
    restarted = await Opening(services.database, services.staff.folder, "555-0142").facts()
    assert (restarted.phone_line, restarted.name, restarted.is_open) == ("555-0142", "", False)
    assert restarted.is_set_up
    assert "site_facts_refused" in caplog.text
    async with services.database.write() as connection:
        with pytest.raises(FactsForged):
            await services.opening.change(connection, is_open=True)


async def test_a_person_written_by_the_writer_cannot_sign_in(home: Home) -> None:
    home.write(
        "INSERT INTO staff_people SELECT x'000102030405060708090a0b0c0d0e0f', randomblob(32), 'Eve', 'administrator',"
        " languages, tongue, 1, 1, open_public, sign_public, salt, parameters, pepper, verifier, bundle, mark"
        " FROM staff_people WHERE id = ?",
        values=(home.bo.person.id,),
    )
    with pytest.raises(RowForged):
        await home.services.staff.accounts.person(bytes(range(16)))
    with pytest.raises(WrongPassphrase):
        await _sign_in(home, "eve", BO_WORDS)


async def test_an_emptied_database_is_not_a_house_to_set_up_again(home: Home) -> None:
    home.write(
        "DELETE FROM key_statements", "DELETE FROM staff_people", "DELETE FROM key_grants", "DELETE FROM site_facts"
    )
    services = home.services
    assert setup_code(services.settings) is None
    with pytest.raises((CodeWrong, AlreadySetUp, KeysFolderWrong)):
        await SetUp(services).set_up("AAAA-AAAA-AAAA-AAAA", ANA)
    with pytest.raises(BookBroken):
        await home.restarted().current()


async def _sign_in(home: Home, name: str, passphrase: str) -> Signed:
    services = home.services
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    signed_in = await SignIn(services, unlocking).sign_in(name, passphrase)
    return await services.staff.who(signed_in.token)

"""Holds `recover` and `drill` to what the person at the terminal is asked, told and spared."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select

import portal.assembly
import portal.paper.command
import server
from portal.paper.asking import Asking
from portal.paper.command import PaperCommands
from portal.paper.overview import DRILLED
from portal.services import Services
from portal.settings import Settings
from portal.staff.keys.setup import FirstWords, SetUp, setup_code
from portal.staff.tables import audit
from portal.staff.unlock import Unlocking
from portal.vault.passwords import Pools
from portal.vault.sheets import new_sheets
from tests.portal.paper.lost import PASSPHRASE, typed
from tests.support.rooms import quick, words_and_files
from tips.restoring import MARKS, erase_again

WORDS = FirstWords("Lantern Line", "555-0142", "ca-on", "Ada", "ada", "seven green kettles whistle", ("en",), "en")
T = TypeVar("T")
NOWHERE = "redis://127.0.0.1:1"


@pytest.fixture(autouse=True)
def no_argon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held here is not Argon2's, and words are read once for the whole run."""
    monkeypatch.setattr(portal.assembly, "words_of", lambda _settings: words_and_files()[0])
    for room in (portal.assembly, portal.paper.command):
        monkeypatch.setattr(room, "Pools", lambda: Pools(work=quick))


@dataclass
class Terminal:
    """Somebody at a terminal, with papers in her hands; writes down what she is shown."""

    sheets: list[str]
    answers: dict[str, str] = field(default_factory=dict)
    is_careful: bool = True
    out: StringIO = field(default_factory=StringIO)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hand: Iterator[str] = iter(self.sheets)
        self.papers: list[str] = []

    def hidden(self, question: str) -> str:
        self.asked.append(question)
        if "passphrase" in question or "Once more" in question:
            return PASSPHRASE
        if (paper := next(self._hand, None)) is None:
            raise EOFError
        return paper

    def shown(self, question: str) -> str:
        self.asked.append(question)
        if "first two letters" in question:
            last = self.out.getvalue().rsplit("Write it on a paper", 1)[1]
            groups = re.findall(r"\b[A-Z2-7]{4}\b", last)[:16]
            self.papers.append(" ".join(groups))
            return " ".join(group[:2] for group in groups) if self.is_careful else "AA " * 16
        return next((said for asked, said in self.answers.items() if asked in question), "Somebody")

    def types(self, *words: str) -> int:
        """Run a command; what it ended with."""
        asking = Asking(self.hidden, self.shown, self.out)
        return PaperCommands(server._parser, server._read, server._claimed, MARKS, erase_again, asking).run(words)


@dataclass
class Still:
    """A house that does not run: its settings, and its sheets as they would be typed."""

    settings: Settings
    sheets: list[str]

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is, for a command."""
        return "--data", str(self.settings.data_dir), "--keys", str(self.settings.keys_dir)

    def files(self) -> dict[str, bytes]:
        """Every byte of the keys folder."""
        return {path.name: path.read_bytes() for path in self.settings.keys_dir.iterdir() if path.suffix != ".lock"}


def within(settings: Settings, act: Callable[[Services], Awaitable[T]]) -> T:
    """Do something with the house's services, in a loop of its own."""

    async def inside() -> T:
        made = portal.assembly.make_services(settings, durable_url=NOWHERE, ember_url=NOWHERE)
        try:
            return await act(made)
        finally:
            await made.pools.close()
            await made.database.close()

    return asyncio.run(inside())


@pytest.fixture
def still(tmp_path: Path, empty_database: Path) -> Still:
    """A house that was set up and stopped."""
    settings = Settings(data_dir=tmp_path / "data", keys_dir=tmp_path / "keys")
    settings.data_dir.mkdir()
    shutil.copy(empty_database, settings.database_path)
    done = within(settings, lambda services: SetUp(services).set_up(setup_code(settings) or "", WORDS))
    return Still(settings, typed(done.sheets))


def signs_in(still: Still, name: str, passphrase: str) -> str:
    """The alias of who comes in with these."""

    async def unlock(services: Services) -> str:
        unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
        return (await unlocking.by_name(name, passphrase)).person.alias

    return within(still.settings, unlock)


def acts_of(still: Still) -> list[str]:
    """What the audit holds."""

    async def read(services: Services) -> list[str]:
        async with services.database.read() as connection:
            return list((await connection.execute(select(audit.c.act).order_by(audit.c.n))).scalars())

    return within(still.settings, read)


def test_two_sheets_let_somebody_in_and_make_three_new_ones(still: Still) -> None:
    first = Terminal(still.sheets[:2], {"sign-in": "cal", "colleagues see": "Cal"})
    assert first.types("recover", "--let-in", *still.places) == 0
    assert "Cal signs in with the new passphrase and holds every key." in first.out.getvalue()
    assert signs_in(still, "cal", PASSPHRASE) == "Cal"
    assert signs_in(still, "ada", WORDS.passphrase) == "Ada"

    # The three that were written down are those that count now; of the old ones none does.
    assert Terminal(still.sheets[:2]).types("recover", *still.places) == 2
    assert Terminal(first.papers[1:]).types("recover", *still.places) == 0


def test_each_thing_typed_wrongly_is_said_and_asked_again_and_changes_nothing(
    still: Still, capsys: pytest.CaptureFixture[str]
) -> None:
    before, (one, two, _), others = still.files(), still.sheets, typed(new_sheets(bytes(32)).sheets)
    drill = typed(new_sheets(bytes(32), is_drill=True).sheets)
    for sheets, said in (
        ([], "No sheet was typed."),
        (["AAAA BBBB"], "A sheet has 64 letters; 8 were typed."),
        ([one[:-1]], "A sheet has 64 letters; 63 were typed."),
        ([one[:-1] + "9"], "the letters A to Z and the digits 2 to 7"),
        ([one[:-4] + "QQQQ"], "A letter is wrong, or two changed places: look at each group again."),
        ([one, one], "That is sheet 1 again: two different ones are needed."),
        ([one, others[1]], "Sheet 2 is not of the set that opens this: it is another house's"),
        ([others[0]], "Sheet 1 is not of the set that opens this: it is another house's"),
        ([drill[0]], "That is a sheet of a drill."),
    ):
        assert Terminal(sheets).types("recover", *still.places) == 2
        assert f"{said}" in capsys.readouterr().err
    # She says they are on paper, and they are not: the old ones hold.
    assert Terminal([one, two], is_careful=False).types("recover", *still.places) == 2
    assert "The sheet is not on paper. Nothing was changed." in capsys.readouterr().err

    assert still.files() == before
    assert "keys.recovered" not in acts_of(still)
    # Two slips of the hand are forgiven, each with its sentence, on either sheet.
    slips = Terminal([one[:-1], one[:-4] + "QQQQ", one, one, others[2], two])
    assert slips.types("recover", *still.places) == 0
    assert slips.out.getvalue().count("Once more.") == 4
    # And the old set is known again when somebody brings it.
    assert Terminal([one]).types("recover", *still.places) == 2
    assert "Sheet 1 is of this house, but of a set that was replaced" in capsys.readouterr().err


def test_a_running_house_is_not_recovered(still: Still, capsys: pytest.CaptureFixture[str]) -> None:
    with server._claimed(still.settings):
        assert Terminal(still.sheets[:2]).types("recover", *still.places) == 2
    assert str(still.settings.data_dir) in capsys.readouterr().err


def test_a_drill_is_done_with_sheets_of_its_own_and_touches_nothing(
    still: Still, capsys: pytest.CaptureFixture[str]
) -> None:
    before = still.files()
    begins = Terminal([])
    assert begins.types("drill", *still.places) == 0
    assert "DRILL SHEET 3 of 3" in begins.out.getvalue()
    # A real sheet is not asked for, and would not do.
    assert Terminal(still.sheets[:2]).types("drill", *still.places) == 2
    assert "That is a real sheet: put it away." in capsys.readouterr().err
    assert Terminal(begins.papers[:2]).types("recover", *still.places) == 2
    assert DRILLED not in acts_of(still)

    ends = Terminal([begins.papers[2], begins.papers[0]])
    assert ends.types("drill", *still.places) == 0

    assert "3. She signed in and opened what was sealed before the loss." in ends.out.getvalue()
    assert still.files() == before
    assert acts_of(still)[-1] == DRILLED
    assert not (still.settings.data_dir / "drill").exists()

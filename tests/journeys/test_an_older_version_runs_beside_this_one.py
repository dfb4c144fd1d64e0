"""The version before runs on this version's tables beside it, as in the minute of a rolling restart, and all goes on.

Its program comes out of the project's own history, so a copy without one tells nothing of it (`make beside`).
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tarfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

import pytest

from portal.store.revisions import newest_revision
from tests.support.desk_people import BELIEVED_S, PHONE_LINE, DeskPerson, open_doors, set_up
from tests.support.house import setting_name
from tests.support.line_people import LineVisitor
from tests.support.neutral import neutral_site
from tests.support.postgres import Postgres
from tests.support.reporters import LineReporter
from tests.support.server_process import REPOSITORY, House

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

# The last state of main that worked with the tables of the last kept house (tests/golden/houses).
OLDER: Final = {"0031": "71c994be"}
WORDS = "three grey vans at the ferry"
# Pages of the desk that are opened at the older server, each by what it links to.
MOST_PAGES = 150


def program_of(version: str, folder: Path) -> Path:
    """The whole program of that version, unpacked. Skips where there is no history to take it from."""
    if shutil.which("git") is None or not (REPOSITORY / ".git").exists():
        pytest.skip("There is no history here: the older version's program cannot be taken from it.")
    packed = subprocess.run(
        ["git", "-C", str(REPOSITORY), "archive", OLDER[version]], check=False, capture_output=True, timeout=120
    )
    if packed.returncode:
        pytest.skip(f"This copy's history does not reach back to {OLDER[version]}; `git fetch --unshallow` brings it.")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as unpacked:
        unpacked.extractall(folder, filter="data")
    rooms = [str(folder / each) for each in ("portal", "chat", "tips", "i18n")]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *rooms], check=True, timeout=300)
    return folder / "server.py"


@pytest.mark.parametrize("engine", ["a file", "a server"])
@pytest.mark.parametrize("version", sorted(OLDER))
def test_an_advocate_on_the_older_one_and_a_visitor_on_the_new_one_and_the_other_way_round(
    short_tmp_path: Path, postgres: Postgres, version: str, engine: str
) -> None:
    with ExitStack() as stack:
        neutral = stack.enter_context(neutral_site())
        told = {setting_name(name): each for name, each in (("exit_urls", neutral.url), ("phone_line", PHONE_LINE))}
        if engine == "a server":
            told["DATABASE_URL"] = postgres.url(stack.enter_context(postgres.database()))
        program = program_of(version, short_tmp_path / "older")
        older = House(short_tmp_path / "h", told, shared=True, program=(str(program),)).start()
        stack.callback(older.stop)
        admin = stack.enter_context(closing(set_up(older)))
        open_doors(admin)
        time.sleep(BELIEVED_S)
        before = files_a_note(older, "before the newer one came")

        newer = older.second()
        newer.program = (str(REPOSITORY / "server.py"),)
        newer.start()
        assert revision_of(older, postgres) == newest_revision() > version

        talks(older, newer, admin)
        talks(newer, older, admin)
        for at, there in ((older, newer), (newer, older)):
            number = files_a_note(at, f"{WORDS} {at.name}")
            opens_a_note(there, number, f"{WORDS} {at.name}")
            opens_a_note(at, number, f"{WORDS} {at.name}")
            opens_a_note(there, before, "before the newer one came")
            desk_reads(admin.at(there), f"{WORDS} {at.name}")
        assert every_page(admin.at(older)) > 30
        assert every_page(admin.at(newer)) > 30
        assert [each for house in (older, newer) for each in broken(house)] == []


def talks(desk_at: House, visitor_at: House, admin: DeskPerson) -> None:
    """One talk, both ways."""
    person = admin.at(desk_at).signs_in()
    with closing(person), closing(person.opens_the_line()) as line, LineVisitor.starts(visitor_at) as visitor:
        visitor.says(WORDS)
        talk = line.takes_next()
        line.hears(WORDS)
        line.says(talk, "and what then?")
        last = visitor.hears("and what then?")["seq"]
        # And on at the other server, as after the restart of hers.
        visitor.comes_back(int(last), at=desk_at).says("then it left")
        line.hears("then it left")
        line.ends(talk)


def files_a_note(house: House, words: str) -> str:
    with closing(LineReporter(house)) as reporter:
        return reporter.sends_note(words)


def opens_a_note(house: House, number: str, words: str) -> None:
    with closing(LineReporter(house)) as reporter:
        assert words in reporter.comes_back(number).words
        reporter.adds(f"and more of it at {house.name}")
        assert "and more of it" in reporter.comes_back(number).words


def desk_reads(person: DeskPerson, words: str) -> None:
    """The note stands in the list at the desk, and opens."""
    with closing(person.signs_in()):
        page = person.reader.opens("/desk/tips")
        links = [each for each in page.links if each.startswith("/desk/tips/")]
        assert any(words in person.reader.opens(each).words for each in dict.fromkeys(links)), page.words[:400]


def every_page(person: DeskPerson) -> int:
    """Opens whatever the desk links to, page by page; none may break. How many there were."""
    seen: set[str] = set()
    with closing(person.signs_in()):
        waiting = ["/desk"]
        while waiting and len(seen) < MOST_PAGES:
            path = waiting.pop(0)
            seen.add(path)
            page = person.reader.opens(path)
            assert person.reader.answer.status_code < 500, (path, page.words[:300])
            on = [each.partition("#")[0] for each in page.links]
            waiting += [each for each in dict.fromkeys(on) if is_a_page(each) and each not in {*seen, *waiting}]
    return len(seen)


def is_a_page(address: str) -> bool:
    return address.startswith("/desk") and "?" not in address and not address.endswith((".csv", ".txt", ".zip"))


def revision_of(house: House, postgres: Postgres) -> str:
    """What the rows say of their own shape."""
    import sqlite3

    if url := house.settings.get("DATABASE_URL"):
        return postgres.run("SELECT version_num FROM alembic_version", url.split("/@/")[-1].split("?")[0]).strip()
    with closing(sqlite3.connect(house.database)) as rows:
        return str(rows.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def broken(house: House) -> list[str]:
    return [each for each in house.printed().splitlines() if "Traceback" in each or " ERROR " in each]

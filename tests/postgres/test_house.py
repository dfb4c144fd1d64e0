"""A whole house with its rows on a server: it starts, a tip goes its way, the server dies and comes back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.deaths import is_ready, until
from tests.support.desk_people import PHONE_LINE
from tests.support.house import free_port
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.patience import SOON_S
from tests.support.postgres import Postgres, running_postgres
from tests.support.reporters import LineReporter
from tests.support.source import REPOSITORY
from tests.support.web import HERE

pytestmark = pytest.mark.fault

WORDS = "Nine men sleep in the container behind the packing hall."
MORE = "Two of them are not yet sixteen."


@dataclass
class OnServer:
    """An open house, and the server that keeps its rows."""

    ready: OpenHouse
    server: Postgres
    database: str

    def count(self, table: str) -> int:
        return int(self.server.run(f"SELECT count(*) FROM {table}", self.database))


@pytest.fixture(scope="module")
def on_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnServer]:
    """A server of this module's own, since it is hurt."""
    with running_postgres() as server, server.database() as name:
        word = tmp_path_factory.mktemp("word") / "database"
        word.write_text(server.url(name) + "\n")
        with open_house_at(tmp_path_factory.mktemp("h"), database_url_file=word) as ready:
            yield OnServer(ready, server, name)


def test_a_tip_goes_its_whole_way_and_no_file_of_rows_is_made(on_server: OnServer) -> None:
    house = on_server.ready.house
    with_keys = on_server.count("tip_keys")
    reporter = LineReporter(house)
    reporter.sends_note(WORDS)
    assert on_server.count("tip_keys") == with_keys + 1
    assert WORDS in reporter.comes_back().words
    reporter.adds(MORE)
    assert MORE in reporter.comes_back().words
    reporter.erases()
    reporter.close()

    assert on_server.count("tip_keys") == with_keys
    assert on_server.count("tip_tombstones") == 1
    assert not house.database.exists()


def test_the_server_is_killed_and_people_see_the_phone_until_it_is_back(on_server: OnServer) -> None:
    house = on_server.ready.house
    reporter = LineReporter(house)
    reporter.sends_note(WORDS)
    on_server.server.kill()
    try:
        time.sleep(1.2)  # what a page knows of the house is kept for a second
        assert not is_ready(house)
        with httpx.Client(base_url=house.public, headers={"sec-fetch-site": "same-origin"}, timeout=15, **HERE) as web:
            for path in ("/en/", "/en/note", "/ar/talk"):
                assert PHONE_LINE in web.get(path, follow_redirects=True).text
            for path, form in (("/en/note", {"words": "canary"}), ("/en/note/back", {"receipt": "1" * 25})):
                assert web.post(path, data=form).status_code == 303
    finally:
        on_server.server.start()

    until(lambda: is_ready(house), within=SOON_S)
    assert WORDS in reporter.comes_back().words
    reporter.close()


def test_a_second_server_joins_on_the_same_rows(on_server: OnServer) -> None:
    house = on_server.ready.house
    reporter = LineReporter(house)
    receipt = reporter.sends_note(WORDS)
    reporter.close()

    other = house.join()
    elsewhere = LineReporter(other)
    assert WORDS in elsewhere.comes_back(receipt).words
    elsewhere.close()


def test_a_start_that_cannot_use_the_server_says_so_in_a_sentence_without_its_password(
    on_server: OnServer, short_tmp_path: Path
) -> None:
    wrong = on_server.server.url(on_server.database).replace(on_server.server.password, "canary-wrong")
    told = {
        "PATH": os.environ["PATH"],
        "PORCHLIGHT_DATA_DIR": str(short_tmp_path / "data"),
        "PORCHLIGHT_KEYS_DIR": str(short_tmp_path / "keys"),
        "PORCHLIGHT_PORT": str(free_port()),
        "PORCHLIGHT_DESK_PORT": str(free_port()),
        "DATABASE_URL": wrong,
    }
    done = subprocess.run(
        [sys.executable, "server.py"], cwd=REPOSITORY, env=told, capture_output=True, text=True, timeout=30, check=False
    )

    assert done.returncode == 2
    assert "canary" not in done.stdout + done.stderr
    assert "The database server cannot be used" in done.stderr

"""What every test may ask for: an event loop like production's, a browser, a neutral site, a running house."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.support.chromium import Chromium, running_chromium
from tests.support.neutral import NeutralSite, neutral_site
from tests.support.told_long import is_told_long

# No deadline: how long one example takes says more about what else this machine is doing than about us.
hypothesis.settings.register_profile("house", deadline=None, max_examples=60)
hypothesis.settings.load_profile("house")

pytest_plugins = [
    "tests.support.egress_guard",
    "tests.support.loops",
    "tests.support.rooms",
    "tests.support.postgres",
    "tests.support.open_house",
    "tests.support.engines",
    "tests.support.firefox_plain",
    "tests.support.real_engine",
    # Only where a run is told on other engines, or with its rows elsewhere: what became of it is said at the end.
    *(["tests.support.told_elsewhere"] if os.environ.get("HOUSE_ENGINES") else []),
    *(["tests.support.rows_elsewhere"] if os.environ.get("HOUSE_ROWS") else []),
]


# These folders and files take longest: begun first, they are not what everybody waits for in the end. The rules work
# all the time, the others mostly wait: together they leave no processor alone.
_BEGUN_FIRST = (
    "rules",
    "seizure",
    "faults",
    "test_every_form_on_the_wire.py",
    "proxy",
    "journeys",
    "test_every_post_answers_303.py",
)
# A browser keeps the processor busy, a line or a restart mostly waits: told in turn, neither has the machine alone.
_WORKS, _WAITS = ("browser",), ("processes", "sockets", "poll", "plain")
# The real engine is installed beside the first tests, and one is enough for all that is told of it.
_SHARE_AN_ENGINE = ("test_real_", "test_translated_story.py")
# Told one after the other in one process: a Firefox of its own for each of five costs more than what is told in it.
_SHARE_A_FIREFOX = ("test_firefox_", "test_plain_talk.py", "test_phone_journeys.py", "test_note_line.py")
# Told in one process: each that tells one of them reads the whole source first.
_SHARE_THE_SOURCE, _WITH_A_HOUSE = "rules", ("test_every_form_on_the_wire.py", "test_every_post_answers_303.py")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the longest stories first, browsers and waiting in turn, then the others; inside a file all stays.

    Before pytest itself leaves out what is told in the long run: the twins of stories are marked so here.
    """
    for item in items:
        if is_told_long(item.nodeid):
            item.add_marker(pytest.mark.long)
    files = list(dict.fromkeys(item.path for item in items))
    place: dict[Path, tuple[int, float]] = {}
    for kind in (_WORKS, _WAITS):
        told = [path for path in files if set(kind) & set(path.parts)]
        place |= {path: (len(_BEGUN_FIRST), at / len(told)) for at, path in enumerate(told)}
    for path in files:
        first = [at for at, name in enumerate(_BEGUN_FIRST) if name in path.parts]
        if first:
            place[path] = (first[0], 0.0)
    others = [path for path in files if path not in place and not path.name.startswith(_SHARE_AN_ENGINE)]
    place |= {path: (len(_BEGUN_FIRST) + 1, at / len(others)) for at, path in enumerate(others)}
    # Late, for it is being installed; not last, or one process tells them while the others have nothing left to tell.
    place |= {path: (len(_BEGUN_FIRST) + 1, 0.6) for path in files if path.name.startswith(_SHARE_AN_ENGINE)}
    items.sort(key=lambda item: place[item.path])


def pytest_collection_finish() -> None:
    """Takes everything that lives as long as the run from the eyes of the garbage collector, as the server does.

    Each great collection walked all of it: a tenth of the processor's time, and on a busy machine a second in which the
    process did nothing else.
    """
    gc.collect()
    gc.freeze()


class _ByFile(LoadFileScheduling):  # type: ignore[misc]  # xdist tells no types
    """Each file is told in one process, and all that drives the shared Firefox, or the real engine, in the same one."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        path = Path(file)
        if path.name.startswith(_SHARE_AN_ENGINE):
            return "engine"
        if path.name.startswith(_SHARE_A_FIREFOX):
            return "firefox"
        if _SHARE_THE_SOURCE in path.parts and path.name not in _WITH_A_HOUSE:
            return _SHARE_THE_SOURCE
        return file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Who tells which tests, where several processes do."""
    return _ByFile(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Lets tests with a loop of their own run beside the browser.

    Playwright's driver loop lives in this same thread, parked between two calls but still marked as running; a
    test that runs a loop would be refused. The mark is lifted for every test that does not drive the browser itself.
    """
    parked = asyncio._get_running_loop()
    names = getattr(item, "fixturenames", ())
    if parked is None or "chromium" in names:
        return (yield)
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(parked)


def pytest_runtest_teardown() -> None:
    """Lets the next test hear warnings: a command that is told in this process prints by itself and quiets the log."""
    logging.getLogger("porchlight").setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser, started at the first visit; every visit has a context of its own."""
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def neutral() -> Iterator[NeutralSite]:
    """The site people land on when they leave."""
    with neutral_site() as site:
        yield site


@pytest.fixture
def short_tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose path leaves room for a unix socket's 107 bytes."""
    return tmp_path_factory.mktemp("h")

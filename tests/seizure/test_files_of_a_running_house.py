"""Sends a file of every sort to a house that runs, and looks for what stood in and beside it in every byte it left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import papers, photos
from tests.support.disk_search import search
from tests.support.house_of_files import house_of_files
from tests.support.open_house import OpenHouse
from tests.support.reporters import LineReporter

pytestmark = [pytest.mark.timeout(120)]

# Words of this test's own, so that no test beside it can have left them where many programs write.
CANARIES = {
    "photo": [word.replace("CANARY", "RUNNER") for word in photos.CANARIES.values()],
    "sound": ["RUNNERTITLE71", "RUNNERARTIST72", "RUNNERCOMMENT73"],
    "paper": [word.replace("CANARY", "RUNNER") for word in papers.CANARIES],
}
NAMED = "RUNNERFILENAME99"
# What many programs write to; the house may leave nothing there.
SHARED = (Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house of this file's own that takes every sort."""
    with house_of_files(tmp_path_factory.mktemp("h"), "sound", "paper") as ready:
        yield ready


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """One file of every kind, each with our own words in it."""
    for name, word in zip(photos.CANARIES, CANARIES["photo"], strict=True):
        monkeypatch.setitem(photos.CANARIES, name, word)
    made = {
        "a.jpg": photos.phone_photo(picture=photos.scene(1600, 1200)),
        "a.png": photos.screenshot(),
        "a.mp3": papers.recording("voice.mp3"),
        "a.ogg": papers.recording("opus.ogg"),
        "a.pdf": papers.paper(),
    }
    return {name: data if name[2:] == "png" else data.replace(b"CANARY", b"RUNNER") for name, data in made.items()}


def sends(reporter: LineReporter, name: str, data: bytes) -> str:
    """One file in one form; the words of the page it leads to."""
    form = reporter.page.form(action="/note/back/item")
    fields = {field: form.fields[field] for field in ("t", "p")}
    answer = reporter.reader.web.post(
        f"{reporter.house.public}{form.action}",
        data=fields,
        files={"f": (f"{NAMED}-{name}", data, "image/jpeg")},
        headers={"sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 303
    return reporter.reader.opens(answer.headers["location"]).words


def test_nothing_of_any_file_is_in_clear_on_the_disk_in_a_log_or_in_any_temporary_folder(
    house: OpenHouse, sent: dict[str, bytes]
) -> None:
    before = {folder: set(folder.iterdir()) for folder in SHARED}
    assert [
        word
        for some in CANARIES.values()
        for word in some
        if not any(word.encode() in _open(each) for each in sent.values())
    ] == []
    reporter = LineReporter(house.house)
    reporter.sends_note("Five files come with this note.")
    reporter.comes_back()
    for name, data in sent.items():
        assert "It came through." in sends(reporter, name, data)
    assert "5 files are here." in reporter.page.words
    # Refused in the middle of it, and erased: nothing of these either.
    assert "We could not open this file." in sends(reporter, "half.pdf", sent["a.pdf"][:700])
    erase = next(form for form in reporter.page.forms if form.buttons and form.buttons[0].get("value") == "item")
    reporter.reader.sends(erase, press="item")
    sure = next(form for form in reporter.page.forms if any(b.get("value") == "gone" for b in form.buttons))
    assert "It is erased." in reporter.reader.sends(sure, press="gone").words
    reporter.close()

    sought = [NAMED, *(word for some in CANARIES.values() for word in some)]
    mine = house.house
    assert search(sought, [mine.data, mine.keys, mine.temporary, mine.logs]) == []
    assert list(mine.temporary.iterdir()) == []
    # What came there since; a folder that stood there before is some other program's, which may be writing to it now.
    for folder in SHARED:
        came = set(folder.iterdir()) - before[folder]
        assert search(sought, [each for each in came if not each.name.startswith("pytest-")]) == []


def _open(data: bytes) -> bytes:
    """What stands in a file, packed parts and wide letters too: the search would be blind without them."""
    if data[:4] == b"%PDF":
        return papers.unpacked(data)
    return data + data.replace(b"\0", b"")

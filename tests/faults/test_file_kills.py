"""Kills the process that takes a file in with SIGKILL between every two steps, and looks at what is left.

This file is also the process that is killed: it is split off for each step, sends one file piece by piece, and ends
itself at the step it was told.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from portal.clock import StillClock
from portal.services import Services
from portal.vault.tip_files import PIECE_ROOM
from tests.support import papers, photos
from tests.support.dying import MOST_STEPS, Program, Steps, house_of, running_program, serve
from tests.tips.conftest import make_tip_house
from tests.tips.files.conftest import FilesHouse, files_house
from tests.tips.files.test_uploads import rows
from tips.access import Visit
from tips.files.book import FilesBook
from tips.files.kinds import Sort
from tips.files.redrawing import Redrawing
from tips.files.stripping import Stripping
from tips.files.uploads import Uploads, alive
from tips.retention import Retention

pytestmark = [pytest.mark.fault, pytest.mark.anyio]

VOICE = papers.recording("voice.mp3")
SENT = {
    "photo": photos.noise(330, 320),
    "sound": VOICE[:-128] * 60 + VOICE[-128:],
    "paper": papers.paper(2) + bytes(2 * PIECE_ROOM),
}


@dataclass
class Sending(FilesHouse):
    """A house that takes photos, and the program that sends them and dies of it; loaded once, it splits off each."""

    program: Program = field(kw_only=True)


@pytest.fixture
async def files(services: Services, clock: StillClock) -> AsyncIterator[Sending]:
    async with running_program(__file__) as program:
        made = files_house(await make_tip_house(services, clock))
        await made.switches_on()
        yield Sending(**vars(made), program=program)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("sort", "keeps", "every"),
    [
        ("photo", False, 6),
        ("paper", False, 13),
        pytest.param("photo", False, 1, marks=pytest.mark.long),
        pytest.param("photo", True, 1, marks=pytest.mark.long),
        pytest.param("sound", False, 1, marks=pytest.mark.long),
        pytest.param("paper", False, 1, marks=pytest.mark.long),
    ],
)
async def test_a_kill_between_any_two_steps_leaves_a_file_whole_or_to_be_gone_on_with_or_swept(
    files: Sending, sort: str, keeps: bool, every: int
) -> None:
    robin, ended_at, pieces = files.tips.robin, 0, pieces_of(sort)
    if sort != "photo":
        await files.switching.switch_sort(robin, Sort(sort), is_on=True)
    for step in range(1, MOST_STEPS, every):
        visit, file_id = await files.visits(), step.to_bytes(16, "big")
        code = await killed_at(step, files, visit, file_id, sort=sort, keeps=keeps)
        shown = await files.showing.of_tip(robin, visit.tip)
        for row in shown:  # What is seen is whole.
            await files.showing.open(robin, visit.tip, row.id, "seen")
        if step % 2:
            # Nobody comes back: the next sweep leaves whole photos and nothing else.
            await files.tips.services.embers.delete(alive(file_id))
            await files.sweep.once()
            assert (await rows(files))[0] == len(shown)
            assert bool((await rows(files))[1]) is bool(shown)
        else:
            # The page goes on where the house says it is, and in the end there is one photo.
            kept = (await files.uploads.begin(visit, file_id, keeps_original=keeps)).kept
            if not shown and kept < len(pieces):
                await files.uploads.take(visit, file_id, kept, pieces[kept:])
            await files.redrawing.finish(visit, file_id)
            (row,) = await files.showing.of_tip(robin, visit.tip)
            if keeps:
                assert (await files.showing.open(robin, visit.tip, row.id, "original"))[0] == SENT[sort]
        await files.tips.retention.erase(visit.tip)
        assert await rows(files) == (0, 0)
        files.uploads._flood.forget("")
        if code == 0:
            ended_at = step
            break
    assert ended_at > 12, "too few steps were found to kill between, or it never came to its end"


def pieces_of(sort: str) -> list[bytes]:
    return [SENT[sort][at : at + PIECE_ROOM] for at in range(0, len(SENT[sort]), PIECE_ROOM)]


async def killed_at(step: int, files: Sending, visit: Visit, file_id: bytes, *, sort: str, keeps: bool) -> int:
    """Send the file in a process of its own that is killed at `step`; how it ended."""
    told: dict[str, Any] = {"visit": visit.encode().hex(), "file": file_id.hex(), "sort": sort, "keeps": keeps}
    ((code, _),) = await files.program.asks(files.tips.services, **told, step=step)
    return code


async def child(told: dict[str, Any], _screen: int) -> None:
    services = house_of(told)
    steps = Steps(told["step"])
    services.embers.put = steps.around(services.embers.put)  # type: ignore[method-assign,assignment]
    services.embers.extend = steps.around(services.embers.extend)  # type: ignore[method-assign,assignment]
    services.embers.delete = steps.around(services.embers.delete)  # type: ignore[method-assign,assignment]
    steps.around_writing(services)
    book, retention = FilesBook(services.database, services.staff.folder), Retention(services)
    uploads = Uploads(services, book, retention, Stripping())
    redrawing = Redrawing(services, uploads, retention)
    redrawing._drawing.draw = steps.around(redrawing._drawing.draw)  # type: ignore[method-assign,assignment]
    visit, file_id = Visit.decode(bytes.fromhex(told["visit"])), bytes.fromhex(told["file"])
    await uploads.begin(visit, file_id, keeps_original=told["keeps"])
    for at, piece in enumerate(pieces_of(told["sort"])):
        await uploads.take(visit, file_id, at, [piece])
    await redrawing.finish(visit, file_id)
    steps.take()


if __name__ == "__main__":
    serve(child)

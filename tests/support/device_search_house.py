"""A house whose visitors come over one line that can be cut and is listened to, with a note that waits to be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.support.cut_line import Line, line_to
from tests.support.desk_people import DeskPerson
from tests.support.device_search_journeys import LANGUAGE, Earlier, canary
from tests.support.device_search_tap import Tap
from tests.support.neutral import NeutralSite
from tests.support.open_house import open_house_at
from tests.support.reader import Reader
from tests.support.reporters import LineReporter


@dataclass
class ListenedHouse:
    """The house, open; the line to it; what passed over the line; a note with a reply, sent from elsewhere."""

    admin: DeskPerson
    neutral: NeutralSite
    line: Line
    tap: Tap
    earlier: Earlier

    @cached_property
    def colleague(self) -> DeskPerson:
        """A supervisor, who may read chats and watch. To invite her ends every line of the one who does."""
        return self.admin.signs_in().invites("Sam", "supervisor", [LANGUAGE], "chat")

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.line.port}"


@contextmanager
def listened_house_at(root: Path) -> Iterator[ListenedHouse]:
    """Such a house for the length of a `with`."""
    # The house has to know the line's address as its own before it starts; the line learns the house's port after.
    with line_to(0) as line, open_house_at(root, public_origin=f"http://127.0.0.1:{line.port}") as ready:
        line.to_port = ready.house.port
        reporter = LineReporter(ready.house)
        reporter.reader.close()
        reporter.reader = Reader(f"http://127.0.0.1:{line.port}")
        words, reply = canary("earlier"), canary("reply")
        number = reporter.sends_note(words)
        reporter.close()
        replies(ready.admin.signs_in(), words, reply)
        yield ListenedHouse(ready.admin, ready.neutral, line, Tap(line), Earlier(number, words, reply))


def replies(person: DeskPerson, words: str, reply: str) -> None:
    """Finds the note with these words at the desk and answers it."""
    links = [link for link in person.reader.opens("/desk/tips").links if link.startswith("/desk/tips/")]
    for link in links:
        if words in person.reader.opens(link).words:
            person.reader.sends(person.reader.page.form(action="/reply"), {"words": reply})
            return
    raise AssertionError(f"no note with {words!r} among {len(links)}")

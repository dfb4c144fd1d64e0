"""Tells a story in a house that somebody else started and set up, over its two ports alone.

    python -m tests.support.tells_there PORT DESK_PORT begins WORDS
    python -m tests.support.tells_there PORT DESK_PORT goes-on WORDS RECEIPT TOKEN

`begins` opens the doors, leaves a note and has a talk answered; it prints the note's number and what the visitor's page
holds. `goes-on` comes back to both and says more; it prints nothing. Run inside that machine's lines.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.support.desk_people import DeskPerson
from tests.support.line_people import LineVisitor
from tests.support.reporters import LineReporter
from tests.support.server_process import House

ANSWER = "an answer from the desk"


def begins(house: House, desk: DeskPerson, words: str) -> str:
    """The note's number and the token of the talk, which stays open."""
    desk.reader.opens("/desk/opening")
    desk.reader.sends(desk.reader.page.form(action="/doors"), {"doors": "open"})
    with closing(LineReporter(house)) as reporter:
        receipt = reporter.sends_note(words)
    with closing(desk.opens_the_line()) as line, LineVisitor.starts(house) as visitor:
        visitor.says(words)
        talk = line.takes_next()
        line.says(talk, ANSWER)
        visitor.hears(ANSWER)
        return f"{receipt} {visitor.token}"


def goes_on(house: House, desk: DeskPerson, words: str, receipt: str, token: str) -> str:
    """Her note opens, and the talk is as it was: both its words, once and in order, and a new one."""
    with closing(LineReporter(house)) as reporter:
        assert words in reporter.comes_back(receipt).words
    with (
        closing(desk.opens_the_line()),
        LineVisitor(house, token, LineVisitor._line(house, token, 0, None), "en") as back,
    ):
        back.says(f"{words}, again")
        said = [fact["text"] for fact in back.line.heard if fact["type"] == "MessagePosted"]
        assert [text for text in said if text in {words, ANSWER}] == [words, ANSWER], said
    return ""


def main() -> int:
    """0 once it is told."""
    port, desk_port, what, words, *more = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        house.port, house.desk_port = int(port), int(desk_port)
        with closing(DeskPerson(house, "Robin", "robin", "seven lamps beside the quiet harbour").signs_in()) as desk:
            print(begins(house, desk, words) if what == "begins" else goes_on(house, desk, words, *more))
    return 0


if __name__ == "__main__":
    sys.exit(main())

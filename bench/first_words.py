"""From the tap on Start to the first words of a human being, with an advocate who is free, part by part."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.desk_people import DeskLine
from tests.support.line_people import HAND_S
from tests.support.open_house import OpenHouse
from tests.support.reader import Reader
from tests.support.spoken import SpokenLine, new_key

VISITS = 8
# What the visit before changes in the queue comes within a second; so long after it the desk is at rest.
BETWEEN_S = 2.5
PARTS = (
    "her start is answered",
    "her line stands, and says where she is",
    "her first word is on disk",
    "the desk shows her",
    "her page names who took her",
    "the advocate's first words",
)


@dataclass(frozen=True)
class Visit:
    """One start: seconds from the tap to the end of each part."""

    reached: tuple[float, ...]

    @property
    def took(self) -> tuple[float, ...]:
        """Each part by itself."""
        return tuple(end - begin for begin, end in zip((0.0, *self.reached), self.reached, strict=False))


def visits(ready: OpenHouse, count: int = VISITS) -> list[Visit]:
    """So many visitors, one after the other; each has her page before her, and taps when a hand could."""
    desk = ready.admin.opens_the_line()
    with Reader(ready.house.public) as reader:
        starts = []
        for _ in range(count):
            reader.opens("/en/talk")
            starts.append(reader.page.form(with_field="start").fields["start"])
        time.sleep(HAND_S)
        found = [_one(ready, reader, desk, start) for start in starts]
    desk.close()
    return found


def _one(ready: OpenHouse, reader: Reader, desk: DeskLine, start: str) -> Visit:
    time.sleep(BETWEEN_S)
    house, key, reached = ready.house, new_key(), list[float]()
    tapped = time.perf_counter()

    def is_reached() -> None:
        reached.append(time.perf_counter() - tapped)

    headers = {"Origin": house.public, "Sec-Fetch-Site": "same-origin"}
    answer = reader.web.post(f"{house.public}/en/talk", json={"start": start}, headers=headers)
    token = str(answer.json()["token"])
    is_reached()
    with SpokenLine.open(house.public_line, origin=house.public) as line:
        line.say("Resume", token=token, last=0)
        line.hear("Welcome")
        is_reached()
        line.say("Say", key=key, text="Is somebody there?")
        line.hear("MessageAccepted", key=key)
        is_reached()
        waiting: list[dict[str, str]] = []
        while not waiting:
            waiting = desk.line.hear("QueueSnapshot")["waiting"]
        is_reached()
        conversation = waiting[0]["conversation"]
        desk.line.say("Take", key=new_key(), conversation=conversation)
        desk.line.say("Say", key=new_key(), conversation=conversation, text="I am here. You are not alone.")
        line.hear("AdvocateJoined")
        is_reached()
        line.hear("MessagePosted", author="advocate")
        is_reached()
        line.say("Leave", how="end")
        line.closing()
    desk.line.hear("ConversationClosed", conversation=conversation)
    return Visit(tuple(reached))


def show(found: Sequence[Visit]) -> None:
    """The parts and the whole: the middle one and the slowest."""
    print("\nTap on Start -> first human words, in milliseconds")
    print(
        "  Real HTTP and sockets, no browser: what a page needs to draw, and a network, come on top. The advocate is\n"
        "  free, takes whom the desk shows her and has her sentence ready; a hand needs seconds for that. A\n"
        "  desk at rest is shown the queue at once; where much changes, once a second."
    )
    print(f"  {'':40} {'p50':>9} {'slowest':>9}")
    rows = [(part, [visit.took[at] for visit in found]) for at, part in enumerate(PARTS)]
    for part, took in (*rows, ("from the tap to the words", [visit.reached[-1] for visit in found])):
        print(f"  {part:40} {statistics.median(took) * 1000:9.1f} {max(took) * 1000:9.1f}")

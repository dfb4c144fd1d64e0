"""Tells of an advocate's laptop that falls asleep with three conversations, on real clocks: what each one reads."""

from __future__ import annotations

import time

import pytest

from tests.support.desk_people import DeskLine
from tests.support.line_people import LineVisitor
from tests.support.open_house import open_house_at
from tests.support.spoken import SpokenLine, new_key

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.timeout(300)]

BEAT_S = 5.0


def waits_for(visitors: list[LineVisitor], seconds: float) -> None:
    """The visitors' pages live; the desk says nothing."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        for visitor in visitors:
            visitor.line.say("Here")
            visitor.line.hear("Here")
        time.sleep(BEAT_S)


def told(page: SpokenLine, kind: str, **matching: object) -> list[dict[str, object]]:
    return [
        fact
        for fact in page.heard
        if fact["type"] == kind and all(fact.get(name) == value for name, value in matching.items())
    ]


def test_her_visitors_read_it_at_45_seconds_are_in_front_at_90_and_she_reads_who_has_them(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        sam = ready.admin.invites("Sam", "advocate", ["en"], "chat")
        robin = ready.admin.signs_in()
        desk = robin.opens_the_line()
        visitors: list[LineVisitor] = []
        conversations: list[str] = []
        for number in range(3):
            visitor = ready.visitor_on_the_line()
            visitor.says(f"visitor {number}")
            visitors.append(visitor)
            conversations.append(desk.takes_next())
            visitor.line.hear("AdvocateJoined", name="Robin")
        # The lid is closed: nothing is said, nothing is hung up.
        waits_for(visitors, 40)
        assert not any(told(visitor.line, "LineChanged", line="gone") for visitor in visitors)
        waits_for(visitors, 22)
        for visitor in visitors:
            assert told(visitor.line, "LineChanged", line="gone"), "the sentence at 45 seconds"
            assert not told(visitor.line, "MessagePosted", text="returned"), "not given back before 90"
        waits_for(visitors, 35)
        for place, visitor in enumerate(visitors, 1):
            assert told(visitor.line, "MessagePosted", text="returned")
            assert told(visitor.line, "QueueMoved", place=place)

        other = sam.opens_the_line()
        assert other.takes_next() == conversations[0]
        visitors[0].line.hear("AdvocateJoined", name="Sam")
        with SpokenLine.open(
            robin.house.desk_line,
            origin=robin.house.desk,
            cookie=robin.reader.cookie,
            agent=robin.reader.web.headers["User-Agent"],
        ) as woken:
            held = [{"conversation": each, "last": 2, "last_note": 0} for each in conversations]
            woken.say("Resume", csrf=robin.csrf, talks=held)
            snapshot = woken.hear("QueueSnapshot")
            assert snapshot["ready"] is False, "nobody counts on a desk that slept"
            wiped = [woken.hear("ConversationErased") for _ in conversations]
            assert {each["conversation"]: each["by"] for each in wiped} == dict(
                zip(conversations, ["Sam", "", ""], strict=True)
            )
            # The other two wait for her or for Sam, whoever is first.
            awake = DeskLine(woken)
            awake.is_ready()
            woken.say("Take", key=new_key(), conversation=conversations[1])
            woken.hear("TalkOpened", conversation=conversations[1])
            visitors[1].line.hear("AdvocateJoined", name="Robin")
            assert other.takes_next() == conversations[2]
            assert woken.hear("ConversationErased", conversation=conversations[2])["by"] == "Sam"
        desk.line.close()
        other.line.close()
        for visitor in visitors:
            visitor.leaves("end")

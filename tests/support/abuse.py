"""Says frames at random over every line of a house, as each role in turn, and holds each answer to what must follow."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import httpx
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from chat.protocol import advocate, visitor
from chat.protocol.closing import Closing
from tests.support.frames_at_random import JSON, KEYS, never_said, said_by
from tests.support.raw_line import BINARY, RawLine
from tests.support.web import HERE

Role = Literal["visitor", "advocate", "questions", "stranger", "stranger at the desk"]
ROLES: Final[tuple[Role, ...]] = ("visitor", "advocate", "questions", "stranger", "stranger at the desk")

# What ends the talk for good is said at other places: nothing could be said after it. Here is said after each frame.
NOT_SAID = frozenset({"Leave", "Close", "Here"})
LINE_LASTS = 12  # frames, each followed by a Here: fewer than may be said at once

# What may follow a frame that is whole: it stands, or names something that is not there, or says a second Resume.
MAY_FOLLOW: Final = {None, Closing.MALFORMED, Closing.FLOODING, Closing.GONE}


@dataclass(frozen=True)
class Frame:
    """One thing to say, and whether a page of ours might."""

    text: str
    is_whole: bool
    is_text: bool = True


@dataclass
class Doors:
    """Where the lines of a house are, and what opens them."""

    port: int
    desk_port: int
    public: str
    desk: str
    token: str
    cookie: str
    csrf: str
    conversation: str
    outcomes: Counter[str] = field(default_factory=Counter)

    async def open(self, role: Role) -> RawLine:
        """A line as far as this role gets."""
        if role in ("visitor", "stranger"):
            line = await RawLine.open(self.port, "/line/talk", self.public)
            if role == "visitor":
                line.say("Resume", token=self.token, last=0)
                assert await line.hear("Welcome", "Covered"), line.closed
            return line
        line = await RawLine.open(self.desk_port, "/line/desk", self.desk, self.cookie if role == "advocate" else "")
        if role == "advocate":
            line.say("Resume", csrf=self.csrf, talks=[])
            assert await line.hear("QueueSnapshot"), line.closed
        return line

    async def abused(self, role: Role, frames: list[Frame]) -> None:
        """Say all of them as this role."""
        if role == "questions":
            await self._asked(frames)
        elif role in ("visitor", "advocate"):
            await self._said(role, frames)
        else:
            for frame in frames:
                await self._said_first(role, frame)

    async def _said(self, role: Role, frames: list[Frame]) -> None:
        line, said = await self.open(role), 0
        for frame in frames:
            if line.closed is not None or said == LINE_LASTS:
                line.cut()
                line, said = await self.open(role), 0
            line.put(frame.text, BINARY if not frame.is_text else 1)
            said += 1
            if frame.is_whole:
                line.say("Here")
                await line.hear("Here")
            else:
                await line.ending()
            self._judge(role, frame, line)
        line.cut()

    async def _said_first(self, role: Role, frame: Frame) -> None:
        line = await self.open(role)
        line.put(frame.text, BINARY if not frame.is_text else 1)
        ended = await line.ending()
        is_resume = frame.is_whole and json.loads(frame.text)["type"] == "Resume"
        nobody = Closing.GONE if role == "stranger" else Closing.SIGNED_OUT
        allowed = {nobody, Closing.MALFORMED} if is_resume else {Closing.MALFORMED}
        assert ended.code in allowed, (role, frame, ended)
        assert ended.reason == Closing(ended.code).phrase
        self.outcomes[f"{role}: {ended.code}"] += 1
        line.cut()

    def _judge(self, role: Role, frame: Frame, line: RawLine) -> None:
        code = None if line.closed is None else line.closed.code
        allowed = MAY_FOLLOW if frame.is_whole else {Closing.MALFORMED}
        assert code in allowed, (role, frame, line.closed)
        if line.closed is not None:
            assert line.closed.reason == Closing(line.closed.code).phrase, (frame, line.closed)
        self.outcomes[f"{role}: {code or 'stands'}"] += 1

    async def _asked(self, frames: list[Frame]) -> None:
        headers = {"Content-Type": "application/json", "Origin": self.public, "Sec-Fetch-Site": "same-origin"}
        async with httpx.AsyncClient(base_url=self.public, timeout=60, headers=headers, **HERE) as web:
            for number, frame in enumerate(frames):
                body = frame.text.encode("utf-8", "replace")
                if frame.is_whole:
                    said = {"resume": {"type": "Resume", "token": self.token}, "said": [json.loads(frame.text)]}
                    body = json.dumps(said).encode()
                answer = await web.post(
                    f"/line/talk/{('say', 'hear')[number % 2 and not frame.is_whole]}", content=body
                )
                assert answer.status_code == 200, (frame, answer.status_code)
                told: dict[str, Any] = answer.json()
                code = told.get("closed")
                assert code in (MAY_FOLLOW if frame.is_whole else {Closing.MALFORMED}), (frame, told)
                self.outcomes[f"questions: {code or 'answered'}"] += 1


def frames_for(role: Role, many: int, conversation: str) -> list[Frame]:
    """So many frames at random; two of three are whole."""
    is_desk = role in ("advocate", "stranger at the desk")
    own, other = (advocate.Spoken, visitor.Spoken) if is_desk else (visitor.Spoken, advocate.Spoken)
    known = {"conversation": st.one_of(KEYS, st.just(conversation))}
    whole = said_by(own, without=NOT_SAID, **known).map(lambda said: Frame(json.dumps(said), is_whole=True))
    wrong = never_said(own, other).map(lambda said: Frame(said, is_whole=False))
    odd = st.text(max_size=30).map(lambda said: Frame(said, is_whole=False, is_text=False))
    posted = JSON.map(lambda made: Frame(json.dumps(made), is_whole=False))
    mixed = st.one_of(whole, whole, whole, whole, posted if role == "questions" else odd, wrong)
    return _drawn(mixed, many)


def _drawn(strategy: st.SearchStrategy[Frame], many: int) -> list[Frame]:
    found: list[Frame] = []

    @settings(max_examples=many, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def gather(frame: Frame) -> None:
        found.append(frame)

    gather()
    return found

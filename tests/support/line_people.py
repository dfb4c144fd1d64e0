"""A visitor of the chat without a browser: starts, writes, hears, leaves, over the lines alone."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from tests.support.again import pressed, resumed
from tests.support.reader import Reader
from tests.support.server_process import House
from tests.support.spoken import SpokenLine

# A start token is taken after three seconds: a hand is not faster.
HAND_S = 3.1
PAGES_AT_ONCE = 6


@dataclass
class LineVisitor:
    """One visitor; `token` is what her page alone would hold."""

    house: House
    token: str
    line: SpokenLine
    language: str
    address: str | None = None

    @classmethod
    def starts(cls, house: House, *, language: str = "en", address: str | None = None) -> LineVisitor:
        """Opens the talk page, waits until a hand could have pressed, and starts."""
        with Reader(house.public, address=address) as reader:
            start = _start_token(house, reader, language)
            where, headers = (
                f"{house.public}/{language}/talk",
                {"Origin": house.public, "Sec-Fetch-Site": "same-origin"},
            )
            answer = pressed(lambda: reader.web.post(where, json={"start": start}, headers=headers))
            assert answer.status_code == 200, (answer.status_code, answer.text)
            token = str(answer.json()["token"])
            agent = str(reader.web.headers["User-Agent"])
        line = cls._line(house, token, 0, address, agent)
        return cls(house, token, line, language, address)

    @staticmethod
    def _line(house: House, token: str, last: int, address: str | None, agent: str | None = None) -> SpokenLine:
        def opened() -> SpokenLine:
            line = SpokenLine.open(house.public_line, origin=house.public, address=address, agent=agent)
            line.say("Resume", token=token, last=last)
            line.hear("Welcome")
            return line

        return resumed(opened)

    def comes_back(self, last: int = 0, *, at: House | None = None) -> Self:
        """Opens a new line with the same token, as a page does after a cut."""
        self.line.close()
        self.line = self._line(at or self.house, self.token, last, self.address)
        return self

    def says(self, text: str) -> int:
        """Words for the advocate; returns their number once they are on disk."""
        return int(self.line.asks("Say", "MessageAccepted", text=text)["seq"])

    def answers(self, question: str, choice: str) -> None:
        """One tap of the waiting room."""
        self.line.asks("Answer", "AnswerKept", question=question, choice=choice)

    def hears(self, text: str) -> dict[str, Any]:
        """Waits until the words arrive."""
        return self.line.hear("MessagePosted", text=text)

    def leaves(self, how: str = "exit") -> int:
        """Ends or exits; returns the close code."""
        self.line.say("Leave", how=how)
        return self.line.closing()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.line.close()


def _start_token(house: House, reader: Reader, language: str) -> str:
    """The token of a talk page that was opened long enough ago: who comes second need not wait for hers."""
    opened = house.start_tokens.setdefault(language, deque())
    if not opened:
        for _ in range(PAGES_AT_ONCE):
            reader.opens(f"/{language}/talk")
            opened.append((time.monotonic(), reader.page.form(with_field="start").fields["start"]))
    when, token = opened.popleft()
    time.sleep(max(0.0, when + HAND_S - time.monotonic()))
    return token

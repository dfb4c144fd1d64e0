"""Puts moods before the real LibreTranslate: a question comes back, or hangs, drips, is led away, is lied to."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.support import engine_double as double
from tests.support.engine_double import EngineDouble, engine_double
from tests.support.real_engine import RealEngine


@dataclass
class MoodyEngine:
    """`mood` is one of the double's manners; "well": the real one answers."""

    real: RealEngine
    front: EngineDouble

    @property
    def url(self) -> str:
        return self.front.url

    @property
    def asked(self) -> list[str]:
        """The words that reached it, in their order."""
        return [text for each in self.front.translations for text in json.loads(each.body)["q"]]

    def turns(self, mood: str, took_s: float = 0.0) -> None:
        self.front.took_s, self.front.manner = took_s, mood


@contextmanager
def moody_engine(real: RealEngine, patch: pytest.MonkeyPatch) -> Iterator[MoodyEngine]:
    """For the length of a `with`; the real one runs on after it."""

    def forward(body: bytes, _key: str | None) -> tuple[int, object]:
        line = http.client.HTTPConnection("127.0.0.1", real.port, timeout=20)
        try:
            line.request("POST", "/translate", body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            line.close()

    patch.setattr(double, "translated", forward)
    with engine_double() as front:
        yield MoodyEngine(real, front)

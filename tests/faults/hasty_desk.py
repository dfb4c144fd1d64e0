"""A desk that takes a share of its words back within their seconds, and knows which must be gone and which may be."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import Callable, Sequence
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from tests.faults.chat_desk import DeskPage
from tests.faults.chat_people import Server, new_key
from tests.support.desk_people import DeskPerson

# Who was refused for one of these took nothing back: the words stay.
NOTHING_DONE = {"too_late", "not_there"}


class HastyDesk(DeskPage):
    """An advocate who sends too soon; `chance` says which `share` of her words, and after how long she sees it."""

    def __init__(
        self, servers: Sequence[Server], person: Callable[[int], DeskPerson], chance: random.Random, share: float
    ) -> None:
        super().__init__(servers, person)
        self._chance = chance
        self._share = share
        self.withdrawn: set[str] = set()  # words whose withdrawal was acknowledged
        self.may_be_withdrawn: set[str] = set()  # the answer was lost, so nobody can know
        self.refusals = 0
        self._asked: dict[str, str] = {}  # key of a wish -> the words it is about
        self._wishes: set[asyncio.Task[None]] = set()

    @property
    def is_at_rest(self) -> bool:
        """Nothing is asked, and nothing is about to be."""
        return not self._asked and not self._wishes

    async def begin(self, socket: ClientConnection) -> None:
        # A wish is never said again over another line: what the last one did not answer stays unknown.
        self.may_be_withdrawn |= set(self._asked.values())
        self._asked.clear()
        await super().begin(socket)

    async def hear(self, fact: dict[str, Any]) -> None:
        words = self._asked.pop(fact["key"], None) if fact["type"] in ("MessageAccepted", "Refused") else None
        if words is not None:
            self._is_answered(words, fact)
            return
        await super().hear(fact)
        if fact["type"] == "MessageAccepted" and fact.get("unsend_s") and self._chance.random() < self._share:
            wish = self._wish(self._socket, fact["key"], fact)
            task = asyncio.get_running_loop().create_task(wish)
            self._wishes.add(task)
            task.add_done_callback(self._wishes.discard)

    def _is_answered(self, words: str, fact: dict[str, Any]) -> None:
        if fact["type"] == "MessageAccepted":
            self.withdrawn.add(words)
        elif fact["reason"] in NOTHING_DONE:
            self.refusals += 1
        else:
            self.may_be_withdrawn.add(words)

    async def _wish(self, line: ClientConnection | None, said: str, fact: dict[str, Any]) -> None:
        await asyncio.sleep(self._chance.uniform(0, fact["unsend_s"]))
        if line is None or line is not self._socket:
            return  # that line is over, and the chance with it
        key = new_key()
        self._asked[key] = self.accepted[said][1]
        frame = {"type": "Withdraw", "key": key, "conversation": fact["conversation"], "seq": fact["seq"]}
        with contextlib.suppress(OSError, WebSocketException):
            await line.send(json.dumps(frame))

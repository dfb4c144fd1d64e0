"""A desk's page that lives through kills: it takes whoever waits, and signs in again when its session is lost."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from chat.protocol.closing import Closing
from tests.faults.chat_people import Page, Server, Shown, new_key, shake
from tests.support.desk_people import DeskPerson


class DeskPage(Page):
    """An advocate's desk that takes whoever waits; signs in again when its session is lost.

    `person` makes her anew, at the server of that place among `servers`.
    """

    def __init__(self, servers: Sequence[Server], person: Callable[[int], DeskPerson]) -> None:
        super().__init__(servers)
        self._person = person
        self._cookie = ""
        self._csrf = ""
        self.shown: dict[str, Shown] = {}
        self.open: set[str] = set()
        self.sign_ins = 0

    async def _open(self) -> ClientConnection:
        server = self.servers[self.at]
        if self.codes and self.codes[-1] == Closing.SIGNED_OUT:
            self._cookie = ""
            self.codes.append(0)
        if not self._cookie:
            await asyncio.to_thread(self._sign_in)
        return await shake(server.desk_line, server.desk, self._cookie)

    def _sign_in(self) -> None:
        try:
            person = self._person(self.at)
            person.signs_in()
            self._cookie, self._csrf = person.reader.cookie, person.csrf
            self.sign_ins += 1
            person.close()
        except Exception as error:
            raise OSError("the desk could not sign in") from error

    async def begin(self, socket: ClientConnection) -> None:
        talks = [{"conversation": name, "last": shown.resume(), "last_note": 0} for name, shown in self.shown.items()]
        await socket.send(json.dumps({"type": "Resume", "csrf": self._csrf, "talks": talks}))
        await socket.send(json.dumps({"type": "Ready", "ready": True}))
        self.open.clear()

    async def hear(self, fact: dict[str, Any]) -> None:
        match fact["type"]:
            case "QueueSnapshot":
                for row in fact["waiting"]:
                    await self._take(row["conversation"])
            case "TalkOpened":
                self.open.add(fact["conversation"])
                self.shown.setdefault(fact["conversation"], Shown())
                for words in list(self.pending.values()):
                    if words.conversation == fact["conversation"]:
                        await self._send(words)
            case "ConversationErased":
                self.open.discard(fact["conversation"])
                self.shown.pop(fact["conversation"], None)  # as the page: wiped
            case "MessageAccepted":
                self.counts(self.shown.get(fact["conversation"]), "advocate", fact)
            case "MessagePosted":
                self.shown[fact["conversation"]].show(fact["seq"], fact["author"], fact["text"])
                if fact["author"] == "advocate":
                    self.was_accepted(fact["key"], fact["seq"])
            case "MessageWithdrawn":
                self.shown[fact["conversation"]].take_back(fact["seq"])
            case "Refused":
                self.refused.append(fact)
                if fact["key"] in self.pending:
                    asyncio.get_running_loop().create_task(self.resend_later(fact["key"]))

    async def _take(self, conversation: str) -> None:
        if self._socket is None:
            return
        frame = {"type": "Take", "key": new_key(), "conversation": conversation}
        with contextlib.suppress(OSError, WebSocketException):
            await self._socket.send(json.dumps(frame))

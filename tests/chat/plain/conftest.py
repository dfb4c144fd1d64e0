"""Gives a test of the talk without script a phone that posts forms, follows 303 and reads a page while it grows."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import httpx
import pytest

from chat.conversation import DeskTalk, VisitorTalk
from portal.ids import from_text, random_id
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key, processes
from tests.support.html import Document
from tests.support.patience import PATIENCE_S
from tests.support.web import HERE

__all__ = ["Growing", "PlainPhone", "phone", "processes"]


@dataclass
class Growing:
    """A frame of words that is still being written. `chunks` holds its pieces as they came."""

    answer: httpx.Response
    chunks: list[bytes] = field(default_factory=list)
    is_whole: bool = False
    is_cut: bool = False  # it broke off instead of ending
    _grew: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> None:
        try:
            async for chunk in self.answer.aiter_raw():
                self.chunks.append(chunk)
                self._grew.set()
        except httpx.HTTPError:
            self.is_cut = True
        self.is_whole = True
        self._grew.set()

    @property
    def text(self) -> str:
        return unescape(b"".join(self.chunks).decode())

    @property
    def words(self) -> list[str]:
        return re.findall(r'bubble-words" dir="auto">(.*?)</p>', self.text, re.DOTALL)

    @property
    def onward(self) -> str:
        found = re.search(r'http-equiv="refresh" content="\d+;url=([^"]+)"', self.text)
        assert found, self.text
        return found[1]

    async def shows(self, text: str, within: float = PATIENCE_S) -> None:
        await self.until(lambda: text in self.text, repr(text), within)

    async def ends(self, within: float = PATIENCE_S) -> None:
        await self.until(lambda: self.is_whole, "the end", within)

    async def until(self, claim: Callable[[], bool], what: str, within: float) -> None:
        try:
            async with asyncio.timeout(within):
                while not claim():
                    self._grew.clear()
                    await self._grew.wait()
        except TimeoutError:
            raise AssertionError(f"waited {within} s for {what} in {self.text}") from None


@dataclass
class PlainPhone:
    """A phone without script at one process. It knows what stands on its pages, and nothing else."""

    process: Process
    house: ChatHouse
    web: httpx.AsyncClient
    outer: str = ""
    page: Document = field(default_factory=lambda: Document(""))
    write: Document = field(default_factory=lambda: Document(""))
    answers: list[httpx.Response] = field(default_factory=list)

    async def is_heard_at(self, desk: Spoken) -> str:
        """Says her first words in line, and this desk takes her; answers the conversation."""
        await self.sends(words="bonjour")
        conversation = str((await desk.hear("QueueSnapshot", total=1))["waiting"][0]["conversation"])
        key = new_key()
        await desk.say("Take", key=key, conversation=conversation)
        await desk.hear("TalkOpened", key=key)
        return conversation

    async def starts(self, language: str = "en") -> PlainPhone:
        """Start, pressed by a hand; both frames' addresses are known then, and the field's frame is open."""
        start = self.process.services.start_tokens.make()
        self.house.clock.advance(timedelta(seconds=4))
        answer = await self.posts(f"/{language}/talk", {"start": start})
        self.outer = answer.headers["location"]
        await self.loads()
        return self

    async def loads(self) -> None:
        """The outer page and the frame to write in."""
        self.page = await self.opens(self.outer)
        self.write = await self.opens(self.frame("write"))

    def frame(self, name: str) -> str:
        """Where a frame of the outer page begins."""
        return next(given["src"] for tag, given in self.page.tags if tag == "iframe" and given["name"] == name)

    @property
    def token(self) -> str:
        return self.page.form(action="/talk/words").fields["t"]

    async def opens(self, path: str) -> Document:
        answer = await self.web.get(path)
        self.answers.append(answer)
        return Document(answer.text)

    async def posts(self, path: str, fields: Mapping[str, str]) -> httpx.Response:
        """A form, answered as it comes."""
        answer = await self.web.post(path, data=dict(fields), headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 303, (path, answer.status_code)
        assert answer.headers["cache-control"] == "no-store"
        self.answers.append(answer)
        return answer

    async def sends(self, press: str = "say", again: Document | None = None, **typed: str) -> httpx.Response:
        """The form of the field's frame, sent; its answer is opened, as a browser does."""
        form = (again or self.write).form(with_field="words")
        answer = await self.posts(form.action, {**form.fields, "do": press, **typed})
        if "/talk/stay" not in answer.headers["location"]:
            self.write = await self.opens(answer.headers["location"])
        return answer

    @property
    def draft(self) -> str:
        return self.write.form(with_field="words").fields["words"]

    @asynccontextmanager
    async def listens(self, path: str = "") -> AsyncIterator[Growing]:
        """The frame of words, read as it grows; left in the middle it is a phone that hangs up."""
        async with self.web.stream("GET", path or self.frame("words")) as answer:
            growing = Growing(answer)
            reading = asyncio.create_task(growing.read())
            try:
                yield growing
            finally:
                reading.cancel()
                await asyncio.wait([reading])

    async def talk(self) -> VisitorTalk:
        """The conversation her token opens. Raises NotThere once it does no more."""
        return await self.house.relay.access.conversation_for_visitor(from_text(self.token, 32))

    async def is_taken(self) -> DeskTalk:
        """An advocate takes the conversation."""
        return await self.house.relay.take(await self.house.ready(), (await self.talk()).id)

    async def is_told(self, desk: DeskTalk, text: str) -> None:
        """The advocate says something."""
        await self.house.relay.advocate_says(desk, text, random_id(), 0)

    async def ages(self, path: str) -> None:
        """The minute of this address is over: what the store would do by itself."""
        own_pass = from_text(urlsplit(path).path.rpartition("/")[2], 32)
        gone = await self.process.services.ember_client.delete(b"t:" + hashlib.sha256(own_pass).digest())
        assert gone == 1, path


@pytest.fixture
async def phone(processes: tuple[Process, Process], house: ChatHouse) -> AsyncIterator[PlainPhone]:
    """A phone whose owner has not started yet."""
    origin = processes[0].services.settings.public_origin
    async with AsyncExitStack() as stack:
        web = httpx.AsyncClient(base_url=origin, timeout=40, **HERE, limits=httpx.Limits(max_connections=100))
        yield PlainPhone(processes[0], house, await stack.enter_async_context(web))

"""Walks a note through every page its reporter can meet, in this process, and keeps each page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx

from tests.support.html import Document

if TYPE_CHECKING:
    from tests.tips.phone import Phone

A_HAND = timedelta(seconds=5)
REPLY = "أهلا"


class Page(Document):
    """One page as it came."""

    def __init__(self, answer: httpx.Response) -> None:
        self.text, self.headers = answer.text, answer.headers
        super().__init__(answer.text)

    @property
    def main(self) -> Document:
        """What the page itself says, without the bar above it and the foot below."""
        return Document(self.text.partition("<main")[2].partition("</main>")[0])


class Walk:
    """A reporter who opens everything there is to open; `number` is what she was given."""

    def __init__(self, phone: Phone, language: str) -> None:
        self.phone = phone
        self.home = f"/{language}"
        self.pages: dict[str, Page] = {}
        self.number = ""

    async def goes(self) -> Walk:
        """The whole way: a slip, a form, its number, details, a wrong number, the note, each question, the end."""
        phone, home = self.phone, self.home
        self.keeps("form", await phone.opens(f"{home}/note"))
        start = phone.house.services.start_tokens.make()
        self.keeps("mend", await phone.posts(f"{home}/note", {"words": "", "place": "1 2 3", "k": start, "keep": "1"}))
        self.keeps("number", await self.sends())
        self.number = phone.number
        number_page = phone.answer.url.path
        self.keeps("typed back", await self.types_a_group_back())
        await phone.opens(number_page)
        await self.presses("more", "more")
        self.keeps("details", phone.answer)
        await self.says_one_detail()
        await phone.opens(number_page)
        self.keeps("back", await phone.opens(f"{home}/note/back"))
        self.keeps("mistyped", await phone.posts(f"{home}/note/back", {"number": "12345"}))
        await self.is_answered()
        self.keeps("thread", await phone.posts(f"{home}/note/back", {"number": self.number}))
        await self.presses("back/more", "ask")
        self.keeps("erase", phone.answer)
        await self.presses("back/more", "erase")
        self.keeps("erased", phone.answer)
        self.keeps("closed", await phone.opens(f"{home}/note/back/{'A' * 43}"))
        return self

    def keeps(self, name: str, answer: httpx.Response) -> None:
        assert answer.status_code in (200, 203), (name, answer.status_code)
        self.pages[name] = Page(answer)

    async def sends(self) -> httpx.Response:
        """A form with something in every group of it, and a wish to be answered."""
        start = self.phone.house.services.start_tokens.make()
        self.phone.house.clock.advance(A_HAND)
        told = {"words": "1 2 3", "about": "3", "soon": "2", "answer": "1", "called": "4 5", "reach": "6 7"}
        return await self.phone.posts(f"{self.home}/note", {**told, "k": start, "keep": "1"})

    async def types_a_group_back(self) -> httpx.Response:
        """The group she is asked for, whichever it is: another one shows the number again."""
        for at in range(0, 25, 5):
            group = self.number[at : at + 5]
            await self.phone.posts(f"{self.home}/note/same", {"c": self.phone.hidden("c"), "number": group})
            if not self.phone.number:
                return self.phone.answer
        raise AssertionError("no group was the right one")

    async def presses(self, where: str, do: str) -> httpx.Response:
        """A button of the page in view."""
        visit = re.findall(r'name="t" value="([^"]*)"', self.phone.answer.text.partition("<main")[2])[0]
        return await self.phone.posts(f"{self.home}/note/{where}", {"t": visit, "do": do})

    async def says_one_detail(self) -> httpx.Response:
        fields = {name: self.phone.hidden(name) for name in ("t", "p")}
        return await self.phone.posts(f"{self.home}/note/more", {**fields, "town": "8 9", "do": "tell"})

    async def is_answered(self) -> None:
        house = self.phone.house
        (tip,) = await house.shown()
        await house.review.reply(house.robin, tip, REPLY, b"r" * 16, language="ar")


async def walk(phone: Phone, language: str) -> Walk:
    """The pages of a note in a language, by what they are."""
    return await Walk(phone, language).goes()

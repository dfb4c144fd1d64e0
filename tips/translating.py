"""Has one part of a tip put into the language of whoever reads it, by our own engine or not at all."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from i18n.guard import MOST_LETTERS, may_be_sent
from i18n.translator import Flag, State, Status
from portal.errors import NotThere
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from tips.review import ReadTip, Review
from tips.tip import Kind

WITHIN_S: Final = 45.0
"""A long part is sent in pieces, one after the other; whoever talks just now comes before it."""

# Where a long text is cut, the best first.
_MARKS: Final = ("\n", ". ", "! ", "? ", "؟ ", "۔ ", "। ", "。", "！", "？", " ")


@dataclass(frozen=True)
class Translated:
    """What the engine made of one part. `text` is empty where it made nothing; it is nobody's words and never kept."""

    text: str = field(repr=False)
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True)
class Offer:
    """One part that may be translated: from which language it seems to be, and from which it can be."""

    source: str
    sources: tuple[str, ...]


class Translating:
    """The sender cannot be asked any more whether strangers may read her words: an engine of others is none here."""

    def __init__(self, services: Services, review: Review) -> None:
        self._services = services
        self._review = review

    @property
    def is_there(self) -> bool:
        """Whether the house has an engine of its own."""
        translator = self._services.translator
        return not translator.is_third_party and translator.state().state is not State.OFF

    async def offers(self, read: ReadTip, target: str) -> dict[int, Offer]:
        """The parts of the sender's words, by their place, that can be put into this language."""
        if not self.is_there:
            return {}
        pairs = await self._services.translator.known_pairs()
        sources = tuple(sorted(source for source, into in pairs if into == target))
        offered = {}
        for place, words in enumerate(read.words):
            if words.kind is Kind.REPLY or not sources:
                continue
            guess = await self._services.guesses.soon("", words.text) or read.card.language
            if guess != target:
                offered[place] = Offer(guess if guess in sources else "", sources)
        return offered

    async def translate(self, signed: Signed, tip_id: bytes, place: int, source: str, target: str) -> Translated:
        """Translate one part, because somebody who may read it asked; that it was asked for is written down first.

        Raises NotThere where there is no such part or no engine of our own, ReasonNeeded, DatabaseAway, ValkeyAway.
        """
        if not self.is_there:
            raise NotThere("no engine of our own")
        read = await self._review.open(signed, tip_id)
        if not 0 <= place < len(read.words) or read.words[place].kind is Kind.REPLY:
            raise NotThere("no such part")
        async with self._services.database.write() as connection:
            at = self._services.clock.now()
            await audit.line(connection, at=at, act="tip.translated", staff_id=signed.staff_id, subject=tip_id)
        try:
            async with asyncio.timeout(WITHIN_S):
                return await self._made(read.words[place].text, source, target)
        except TimeoutError:
            return Translated("")

    async def _made(self, text: str, source: str, target: str) -> Translated:
        """All of it or nothing: a part that breaks off in the middle reads as if it ended there."""
        made: list[str] = []
        flags: frozenset[Flag] = frozenset()
        for piece in pieces(text):
            if not may_be_sent(piece, source, target):
                made.append(piece)
                continue
            result = await self._services.translator.translate(piece, source, target)
            flags |= result.flags
            if result.status is not Status.DONE:
                return Translated("", flags)
            made.append(result.text.strip() + piece[len(piece.rstrip()) :])
        return Translated("".join(made).strip(), flags)


def pieces(text: str, most: int = MOST_LETTERS) -> list[str]:
    """The text in pieces of at most `most` letters that make it again, cut behind a line or a sentence if they can."""
    cut = []
    while len(text) > most:
        found = (text.rfind(mark, most // 2, most - len(mark) + 1) + len(mark) for mark in _MARKS)
        at = next((end for end in found if end > most // 2), most)
        cut.append(text[:at])
        text = text[at:]
    return [*cut, text]

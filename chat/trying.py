"""Shows an advocate, before she sends, what her words would say to the visitor and what that says in her own language.

Both ways go through the same bounded engine, and only while the visitor lets a machine translate the desk's words.
Nothing of it is kept, and nobody else is told.
"""

from dataclasses import dataclass, field

from chat.conversation import DeskTalk
from chat.message import read_text
from chat.phrasebook import Phrasebook
from chat.relay import Relay
from i18n.translator import Flag, Result, Status
from portal.web.sanitise import plain_translation


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it; `card`: a sentence of the book, whose words people wrote."""

    status: Status
    there: str = field(default="", repr=False)
    back: str = field(default="", repr=False)
    card: str = ""
    flags: tuple[str, ...] = ()


NOTHING = Tried(Status.SKIPPED)


class Trying:
    """Raises `ValkeyAway` when the store does not answer, NothingSaid and TooMuchSaid for what could not be sent."""

    def __init__(self, relay: Relay, book: Phrasebook) -> None:
        self._relay = relay
        self._translator = relay.interpreter.translator
        self._book = book

    async def try_words(self, talk: DeskTalk, typed: str) -> Tried:
        """These words there and back. Skipped where she did not agree to it, or takes her yes back meanwhile."""
        text, ours = read_text(typed), talk.tongue
        hers = (await self._relay.answers(talk)).language
        if hers == ours:
            return NOTHING
        card = self._book.find(ours, talk.alias, text)
        if card:
            return Tried(Status.DONE, self._book.says(hers, card, talk.alias), card=card)
        there = await self._asked(talk, text, ours, hers)
        words = _words(there)
        if not words:
            return Tried(there.status if there.status is not Status.DONE else Status.FAILED, flags=_flags(there))
        back = await self._asked(talk, words, hers, ours)
        return Tried(Status.DONE, words, _words(back), flags=_flags(there, back))

    async def _asked(self, talk: DeskTalk, text: str, source: str, target: str) -> Result:
        facts = await self._relay.talks.facts(talk.id)
        engine = self._translator.name
        if facts is None or not facts.theirs.covers(facts.seq + 1, engine):
            return Result("", engine, Status.SKIPPED)
        return await self._translator.translate(text, source, target)


def _words(result: Result) -> str:
    is_shown = result.status is Status.DONE and Flag.LINK_ADDED not in result.flags
    return plain_translation(result.text) if is_shown else ""


def _flags(*results: Result) -> tuple[str, ...]:
    return tuple(sorted({flag.value for result in results for flag in result.flags}))

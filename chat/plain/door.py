"""Makes the addresses of a talk without script: each opens for a minute, and for one page."""

from datetime import timedelta
from typing import Final

from chat.conversation import VisitorTalk
from chat.plain.carried import (
    COVERED,
    ENDED,
    KITCHEN,
    OPEN,
    TALK,
    WORDS,
    WRITE,
    WRITE_FRAME,
    KitchenPage,
    Listen,
    Moved,
    Outer,
    Over,
    Stands,
    TalkPage,
    WordsPage,
    Write,
    WritePage,
    encode,
)
from chat.plain.stream import LASTS_S
from chat.store.talk import LASTS as TALK_LASTS
from chat.visits import Visits
from i18n.languages import Language
from portal.ids import random_id
from portal.services import Services
from portal.store.passes import LASTS, THREAD_SIZE
from portal.vault.sealing import sub

# For so long a frame that asks after the end still says that it is over: the longest time its own pass may have had.
ENDED_FOR: Final = LASTS + timedelta(seconds=LASTS_S)


class Door:
    """Hands out addresses of the three pages. Every method raises `ValkeyAway` when a store does not answer."""

    def __init__(self, services: Services, visits: Visits) -> None:
        self._passes = services.passes
        self._visits = visits

    async def address(self, language: Language, token: bytes) -> str:
        """The outer page of a talk that has just begun. Raises NotThere for a token that opens nothing."""
        return await self._outer(language, await self._visits.open(token), hides=0)

    async def address_back(self, language: Language, token: bytes) -> str:
        """The outer page for one who came back by her number: what was said before stands behind a tap."""
        talk = await self._visits.open(token)
        return await self._outer(language, talk, hides=talk.facts.seq)

    async def address_again(self, language: Language, token: bytes, hides: int, draft: str = "") -> str:
        """The outer page anew, for one who wants to load it again, or to have it in another language."""
        return await self._outer(language, await self._visits.open(token), hides=hides, draft=draft)

    async def address_moved(self, language: Language, token: bytes, draft: str, word: str) -> str:
        """The page with script in another language. Nothing of it is marked: once its minute is over it leads away."""
        page = Moved(token, draft, word)
        return _at(language, "", await self._issue(TALK, await self._visits.open(token), page, LASTS))

    async def address_over(self, language: Language) -> str:
        """The page after the end. It belongs to no talk any more: nothing leads from it to one."""
        return _at(language, "", await self._passes.issue(TALK, encode(Over())))

    async def covered(self, talk: VisitorTalk, lasts: timedelta) -> None:
        """No address of the talk opens any more; until she is back each shows the innocent page.

        Those of the innocent page stay: of two taps at once the slower one would take the page that the other led to.
        """
        await self._passes.drop(talk.id, also_apart=False)
        await self._passes.mark(thread_of(talk.token), COVERED, lasts=lasts, group=talk.id)

    async def is_covered(self, talk: VisitorTalk) -> bool:
        """Whether all of `covered` was done for this page."""
        return await self._passes.has_mark(thread_of(talk.token), COVERED)

    async def kitchen(self, language: Language, talk: VisitorTalk, page: KitchenPage) -> str:
        """The innocent page of somebody who can come back from behind it, or the question before that."""
        thread = thread_of(talk.token)
        own_pass = await self._passes.issue(KITCHEN, encode(page), group=talk.id, thread=thread, apart=True)
        return f"/{language.tag}/read/measures/{own_pass}"

    async def words(self, language: Language, talk: VisitorTalk, page: WordsPage, *, lasts: timedelta = LASTS) -> str:
        """A page of the frame of words."""
        return _at(language, "words/", await self._issue(WORDS, talk, page, lasts))

    async def write(self, language: Language, talk: VisitorTalk, page: WritePage) -> str:
        """A page of the frame to write in."""
        return _at(language, "write/", await self._issue(WRITE, talk, page, LASTS))

    async def words_over(self, language: Language) -> str:
        """The frame of words after the end."""
        return _at(language, "words/", await self._passes.issue(WORDS, encode(Over())))

    async def write_over(self, language: Language, unsent: str) -> str:
        """The frame to write in after the end, with the words that were not sent."""
        return _at(language, "write/", await self._passes.issue(WRITE, encode(Over(unsent))))

    async def frames(
        self, language: Language, talk: VisitorTalk, outer: Outer, *, posts_across: bool
    ) -> tuple[str, str]:
        """The first pages of the frame of words and of the frame to write in, which may be one of two."""
        stands: Stands = WRITE_FRAME if posts_across else ""
        write = Write(talk.token, random_id(), draft=outer.draft, hides=outer.hides, is_first=True, stands=stands)
        return (
            await self.words(language, talk, Listen(talk.token, outer.hides)),
            await self.write(language, talk, write),
        )

    async def say_ended(self, talk: VisitorTalk) -> None:
        """A frame heard that it is over: whichever of its pages asks next says so too."""
        await self._passes.mark(thread_of(talk.token), ENDED, lasts=ENDED_FOR)

    async def address_uncovered(self, language: Language, talk: VisitorTalk) -> str:
        """The outer page for one who is back from behind a cover; no address from before says otherwise."""
        await self._passes.drop(talk.id)
        return await self._outer(language, talk, hides=0)

    async def _outer(self, language: Language, talk: VisitorTalk, hides: int, draft: str = "") -> str:
        await self._passes.mark(thread_of(talk.token), OPEN, lasts=TALK_LASTS, group=talk.id)
        return _at(language, "", await self._issue(TALK, talk, Outer(talk.token, hides, draft), LASTS))

    async def _issue(
        self, kind: str, talk: VisitorTalk, page: TalkPage | WordsPage | WritePage, lasts: timedelta
    ) -> str:
        return await self._passes.issue(kind, encode(page), group=talk.id, lasts=lasts, thread=thread_of(talk.token))


def thread_of(token: bytes) -> bytes:
    """What all addresses of one page's talk begin with. Made from the token: no disk of ours can name it."""
    return sub(token, "thread")[:THREAD_SIZE]


def _at(language: Language, frame: str, own_pass: str) -> str:
    return f"/{language.tag}/talk/{frame}{own_pass}"

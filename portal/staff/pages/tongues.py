"""The part of the opening page that lists the languages: whose words somebody has signed, and in which chats begin."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.catalogue import Catalogue
from i18n.languages import ENGLISH, LANGUAGES, Language
from portal.doors import Doors
from portal.staff.acts import Acts
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

OPENING: Final = "/desk/opening"


@dataclass(frozen=True)
class Tongue:
    """One line: how many of the words of a language a named reader has signed, and whether chats begin in it."""

    language: Language
    signed: int
    words: int
    is_on: bool

    @property
    def state(self) -> str:
        """`source` is what all others were made from; `read`: all is signed; `part`, `drafted`: some, nothing."""
        if self.language.tag == ENGLISH.tag:
            return "source"
        if self.signed == self.words:
            return "read"
        return "part" if self.signed else "drafted"


def tongues_of(catalogue: Catalogue, doors: Doors) -> list[Tongue]:
    """Every language served, in the order of the table."""
    words = len(catalogue.public)
    return [
        Tongue(language, len(catalogue.signed(language)), words, language.tag not in doors.off)
        for language in LANGUAGES.values()
    ]


class TonguePages:
    """The switches beside that list."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of the switches."""
        right = Right.OPEN_DOORS
        return [
            Route(f"{OPENING}/tongue", desk_page(self.tongue, right), methods=["POST"]),
            Route(f"{OPENING}/calls", desk_page(self.calls, right), methods=["POST"]),
        ]

    async def tongue(self, request: Request, signed: Signed) -> Response:
        """Let chats begin in a language, or no more."""
        form = posted(request)
        language = form.get("language", "")
        if language not in LANGUAGES:
            return see_other(OPENING)
        await self._acts.doorkeeping.set_tongue(signed, language, is_on=form.get("chat") == "on")
        return await self._back()

    async def calls(self, request: Request, signed: Signed) -> Response:
        """Say on the page of languages, or no more, that somebody can be called with an interpreter."""
        await self._acts.doorkeeping.set_calls_back(signed, calls_back=posted(request).get("calls") == "on")
        return await self._back()

    async def _back(self) -> Response:
        return see_other(await leave_note(self._acts.services.passes, OPENING, Note(about="changed")))

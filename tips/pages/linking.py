"""The desk's pages of two notes of one person: looking for the older one, proposing it, agreeing, and parting them."""

from datetime import timedelta
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere, TooBusy
from portal.ids import to_text
from portal.services import Services
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other
from tips.folding import terms
from tips.inbox import Listing
from tips.links.linking import Linking
from tips.links.rule import Answer, OtherPersonNeeded, What
from tips.pages.inbox import LONGEST_TYPED, told_by
from tips.pages.named import id_named, tip_of
from tips.search import Search, SearchStopped
from tips.shelf import Choice

_Word = TypeVar("_Word", What, Answer)

LIST: Final = "/desk/tips"
ONE: Final = "/desk/tips/{id}/link"
FOUND: Final = "link"
LASTS: Final = timedelta(minutes=30)
MOST_SHOWN: Final = 50
LONGEST_REASON: Final = 1000

# Closed ones too: what somebody wrote long ago is often closed.
EVERY_TIP: Final = Choice(with_closed=True)


class Looked(msgspec.Struct, frozen=True, array_like=True):
    """What a pass carries and no address: whose search it is, beside which tip, what was typed and found."""

    session: bytes
    tip: bytes
    typed: str
    found: list[bytes]
    total: int

    def __repr__(self) -> str:
        return "Looked(...)"


class LinkingPages:
    """The pages. Who may answer tips may propose and agree; nobody does both."""

    def __init__(self, services: Services, linking: Linking, listing: Listing, search: Search) -> None:
        self._services = services
        self._linking = linking
        self._listing = listing
        self._search = search

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        act = Right.ANSWER_TIPS
        return [
            Route(f"{ONE}/find", desk_page(self.find, act), methods=["POST"]),
            Route(f"{ONE}/found/{{key}}", desk_page(self.found, act), methods=["GET"]),
            Route(f"{ONE}/ask", desk_page(self.ask, act), methods=["POST"]),
            Route(f"{ONE}/answer", desk_page(self.answer, act), methods=["POST"]),
            Route(f"{ONE}/{{note}}", desk_page(self.said, act), methods=["GET"]),
        ]

    async def find(self, request: Request, signed: Signed) -> Response:
        """Search the words of all tips for what she says she wrote."""
        tip = tip_of(request)
        typed = posted(request).get("words", "").strip()[:LONGEST_TYPED]
        wanted = terms(typed)
        if not wanted:
            return see_other(f"{LIST}/{to_text(tip)}#link")
        try:
            found = await self._search.find(signed, EVERY_TIP, wanted, request.is_disconnected)
        except SearchStopped:
            return see_other(f"{LIST}/{to_text(tip)}#link")
        except TooBusy:
            return await self._say(tip, "desktips.find.busy")
        tips = [each for each in found.tips if each != tip][:MOST_SHOWN]
        looked = Looked(signed.session, tip, typed, tips, found.total - (tip in found.tips))
        group = b"link" + signed.session
        await self._services.passes.drop(group)
        key = await self._services.passes.issue(FOUND, msgspec.msgpack.encode(looked), group=group, lasts=LASTS)
        return see_other(f"{LIST}/{to_text(tip)}/link/found/{key}")

    async def found(self, request: Request, signed: Signed) -> Response:
        """What was found, each to be proposed; back to the tip once the pass has run out."""
        tip = tip_of(request)
        opened = await self._services.passes.open(request.path_params["key"], FOUND)
        looked = None if opened is None else msgspec.msgpack.decode(opened, type=Looked)
        if looked is None or (looked.session, looked.tip) != (signed.session, tip):
            return see_other(f"{LIST}/{to_text(tip)}#link")
        rows = (await self._listing.these(signed, looked.found, EVERY_TIP, 1)).rows
        return draw(
            request,
            signed,
            "desk/tip_link_found.html",
            looked=looked,
            rows=rows,
            where=f"{LIST}/{to_text(tip)}",
            longest=LONGEST_REASON,
            **told_by(request, signed),
        )

    async def ask(self, request: Request, signed: Signed) -> Response:
        """Propose to link two tips, or to part them."""
        tip, form = tip_of(request), posted(request)
        what = _one_of(What, form.get("do", ""))
        await self._linking.propose(
            signed, tip, id_named(form.get("with", "")), what, form.get("why", "")[:LONGEST_REASON]
        )
        return see_other(f"{LIST}/{to_text(tip)}#link")

    async def answer(self, request: Request, signed: Signed) -> Response:
        """Agree, or let it fall."""
        tip, form = tip_of(request), posted(request)
        try:
            answer = _one_of(Answer, form.get("do", ""))
            await self._linking.answer(signed, tip, id_named(form.get("with", "")), answer)
        except OtherPersonNeeded as needed:
            return await self._say(tip, needed.phrase)
        return see_other(f"{LIST}/{to_text(tip)}#link")

    async def said(self, request: Request, signed: Signed) -> Response:
        """One sentence about what was not done, and the way back to the tip."""
        tip = tip_of(request)
        note = await read_note(self._services.passes, request.path_params)
        if not note.phrase:
            return see_other(f"{LIST}/{to_text(tip)}#link")
        return draw(request, signed, "desk/tip_link_said.html", note=note, where=f"{LIST}/{to_text(tip)}")

    async def _say(self, tip: bytes, phrase: str) -> Response:
        to = f"{LIST}/{to_text(tip)}/link"
        return see_other(await leave_note(self._services.passes, to, Note(phrase=phrase)))


def _one_of(words: type[_Word], typed: str) -> _Word:
    try:
        return words(typed)
    except ValueError:
        raise NotThere("no such word") from None

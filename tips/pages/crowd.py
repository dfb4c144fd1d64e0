"""The desk's pages of many tips at once: a heap with what its members differ in, closing many, opening them again."""

from datetime import timedelta
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.ids import random_id, to_text
from portal.services import Services
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other
from tips.crowd.together import Closing, Drawn, Outcome, Together
from tips.inbox import Listing
from tips.pages.inbox import LIST, told_by
from tips.pages.named import id_named, tip_of
from tips.review import Review
from tips.tip import Kind
from tips.work.openings import ReasonNeeded

HEAP: Final = "heap"
DONE: Final = "together"
LASTS: Final = timedelta(minutes=30)

SHOWN: Final = 100
"""Members that stand on the page of a heap, those that differ most; the others are a number, and close with it."""

WORDS_SHOWN: Final = 12


class HeapPage(msgspec.Struct, frozen=True, array_like=True):
    """What a heap's page carries and no address: whose it is, and every member with its mark then."""

    session: bytes
    drawn: list[tuple[bytes, bytes]]

    def __repr__(self) -> str:
        return "HeapPage(...)"


class DonePage(msgspec.Struct, frozen=True, array_like=True):
    """What the page after an act carries: what came of it, and what of it is left to be done."""

    session: bytes
    act: bytes
    first: bytes
    moved: int
    left: int
    rest: int
    is_undone: bool = False
    drawn: list[tuple[bytes, bytes]] = []

    def __repr__(self) -> str:
        return "DonePage(...)"


class CrowdPages:
    """The pages. What is chosen stands under a pass of the session that chose it, for half an hour."""

    def __init__(self, services: Services, listing: Listing, review: Review, together: Together) -> None:
        self._services = services
        self._listing = listing
        self._review = review
        self._together = together

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        return [
            Route("/desk/tips/alike/{id}", desk_page(self.heap, Right.READ_TIPS), methods=["GET"]),
            Route("/desk/tips/together", desk_page(self.close, Right.ANSWER_TIPS), methods=["POST"]),
            Route("/desk/tips/together/again", desk_page(self.open_again, Right.ANSWER_TIPS), methods=["POST"]),
            Route("/desk/tips/together/{key}", desk_page(self.done, Right.READ_TIPS), methods=["GET"]),
        ]

    async def heap(self, request: Request, signed: Signed) -> Response:
        """A heap: its first tip, which is opened by this, and in what the others differ; a lone tip leads to itself."""
        tip_id = tip_of(request)
        members = await self._listing.heap_of(signed, tip_id)
        if not members:
            return see_other(f"{LIST}/{to_text(tip_id)}")
        try:
            first = await self._review.open(signed, members[0].tip.id)
        except ReasonNeeded:
            return see_other(f"{LIST}/{to_text(members[0].tip.id)}")  # Its own page asks why.
        await self._services.staff.journal.write("tip.heap_seen", signed.staff_id)
        drawn = await self._together.drawn([member.tip.id for member in members])
        carried = HeapPage(signed.session, [(each.tip, each.mark) for each in drawn])
        key = await self._services.passes.issue(HEAP, msgspec.msgpack.encode(carried), lasts=LASTS)
        return draw(
            request,
            signed,
            "desk/heap.html",
            first=first,
            told=[words for words in first.words if words.kind is Kind.TOLD],
            members=members[1 : 1 + SHOWN],
            count=len(members),
            words_shown=WORDS_SHOWN,
            key=key,
            act=to_text(random_id()),
            may_close=signed.may(Right.ANSWER_TIPS),
            **told_by(request, signed),
        )

    async def close(self, request: Request, signed: Signed) -> Response:
        """Close a heap but for what was ticked to stay, or what was ticked in the list."""
        form = posted(request)
        drawn, act = await self._chosen(signed, form), id_named(form.get("act", ""))
        if not drawn:
            return see_other(LIST)
        outcome = await self._together.close(signed, act, drawn)
        return await self._went(signed, act, outcome, drawn)

    async def open_again(self, request: Request, signed: Signed) -> Response:
        """Open again what one act closed."""
        form = posted(request)
        closing = Closing(id_named(form.get("act", "")), id_named(form.get("first", "")))
        outcome = await self._together.open_again(signed, closing)
        return await self._went(signed, closing.act, outcome, [], is_undone=True)

    async def done(self, request: Request, signed: Signed) -> Response:
        """What came of it, with the way back; the list once the pass has run out."""
        opened = await self._services.passes.open(request.path_params["key"], DONE)
        done = None if opened is None else msgspec.msgpack.decode(opened, type=DonePage)
        if done is None or done.session != signed.session:
            return see_other(LIST)
        return draw(request, signed, "desk/together.html", done=done, key=request.path_params["key"], to_text=to_text)

    async def _chosen(self, signed: Signed, form: Form) -> list[Drawn]:
        if "key" not in form:
            return [drawn for each in form.many("tip") if (drawn := Drawn.read(each)) is not None]
        stays = {id_named(each) for each in form.many("stays")}
        carried = await self._carried(form["key"])
        if carried is None or carried.session != signed.session:
            return []
        return [Drawn(tip, mark) for tip, mark in carried.drawn if tip not in stays]

    async def _carried(self, key: str) -> HeapPage | DonePage | None:
        """The page a key belongs to: the heap's, or the one that says what is still to be done of it."""
        if (heap := await self._services.passes.open(key, HEAP)) is not None:
            return msgspec.msgpack.decode(heap, type=HeapPage)
        if (done := await self._services.passes.open(key, DONE)) is not None:
            return msgspec.msgpack.decode(done, type=DonePage)
        return None

    async def _went(
        self, signed: Signed, act: bytes, outcome: Outcome, drawn: list[Drawn], *, is_undone: bool = False
    ) -> Response:
        rest = [(each.tip, each.mark) for each in drawn] if outcome.rest else []
        told = (signed.session, act, outcome.first or b"", outcome.moved, outcome.left, outcome.rest, is_undone, rest)
        key = await self._services.passes.issue(DONE, msgspec.msgpack.encode(DonePage(*told)), lasts=LASTS)
        return see_other(f"{LIST}/together/{key}")

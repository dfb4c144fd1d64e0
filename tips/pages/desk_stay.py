"""The desk's pages of how long tips stay: what goes soon, what is held, what is gone and how that is shown."""

from datetime import date
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere
from portal.ids import random_id, to_text
from portal.services import Services
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other
from tips.inbox import Listing
from tips.pages.inbox import told_by
from tips.pages.named import part_of, tip_of
from tips.shelf import EVERYTHING
from tips.staying import rows
from tips.staying.clock import Terms, monday
from tips.staying.holding import LONGEST_REASON, Holding, ReasonNeeded
from tips.staying.proof import Proving

STAYING: Final = "/desk/staying"
GONE: Final = "/desk/gone"
MOST: Final = 50


class StayPages:
    """What staff see of the clock, and the acts on it."""

    def __init__(self, services: Services, listing: Listing, holding: Holding) -> None:
        self._services = services
        self._listing = listing
        self._holding = holding
        self._proving = Proving(services.settings, services.database, services.staff.folder)

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        read, answer, hold = Right.READ_TIPS, Right.ANSWER_TIPS, Right.HOLD_TIPS
        return [
            Route(STAYING, desk_page(self.staying, read), methods=["GET"]),
            Route(GONE, desk_page(self.gone, hold), methods=["GET"]),
            Route(f"{GONE}/day/{{day}}", desk_page(self.gone_day, hold), methods=["GET"]),
            Route(f"{GONE}/{{id}}", desk_page(self.gone_tip, hold), methods=["GET"]),
            Route("/desk/tips/{id}/keep", desk_page(self.keep, answer), methods=["POST"]),
            Route("/desk/tips/{id}/hold", desk_page(self.hold, hold), methods=["POST"]),
            Route("/desk/tips/{id}/erase", desk_page(self.erase, hold), methods=["POST"]),
        ]

    async def staying(self, request: Request, signed: Signed) -> Response:
        """What goes soon, and why else something stands; cards opened for whoever holds the key."""
        week = monday(self._services.clock.now().date())
        async with self._services.database.read() as connection:
            soon = await rows.soon(connection, week, MOST)
            number = await rows.count_soon(connection)
        holds = await self._holding.holds()
        ids = [each.tip for each in soon]
        goes = {each.tip: each.look for each in soon}
        cards = {row.id: row for row in (await self._listing.these(signed, ids, EVERYTHING, 1)).rows}
        held = {row.id: row for row in (await self._listing.these(signed, sorted(holds.stay), EVERYTHING, 1)).rows}
        return draw(
            request,
            signed,
            "desk/staying.html",
            soon=[(cards[each.tip], date.fromisoformat(goes[each.tip]), each) for each in soon if each.tip in cards],
            number=number,
            held=list(held.values()),
            lost=len(holds.stay) - len(held) if len(holds.stay) <= MOST else 0,
            is_broken=not holds.is_whole,
            terms=Terms.of(self._services.now),
            may_hold=signed.may(Right.HOLD_TIPS),
            **told_by(request, signed),
        )

    async def keep(self, request: Request, signed: Signed) -> Response:
        """It stays: the clock begins anew."""
        tip_id = tip_of(request)
        await self._holding.keep(signed, tip_id)
        return see_other(f"/desk/tips/{to_text(tip_id)}#stay")

    async def hold(self, request: Request, signed: Signed) -> Response:
        """Hold it, or end that; both with a reason."""
        tip_id, form = tip_of(request), posted(request)
        reason, part = form.get("reason", ""), part_of(form.get("part", ""))
        try:
            if form.get("do") == "hold":
                await self._holding.hold(signed, tip_id, reason, part)
            elif form.get("do") == "end":
                if await self._holding.end(signed, tip_id, reason, part):
                    return see_other(f"{GONE}/{to_text(tip_id)}")
            else:
                raise NotThere("no such act")
        except ReasonNeeded as needed:
            note = Note(phrase=needed.phrase, typed={"reason": reason[:LONGEST_REASON]}, about="stay")
            where = await leave_note(self._services.passes, f"/desk/tips/{to_text(tip_id)}/after", note)
            return see_other(f"{where}#stay")
        return see_other(f"/desk/tips/{to_text(tip_id)}#stay")

    async def erase(self, request: Request, signed: Signed) -> Response:
        """Erase it by hand, once that was ticked; the next page says what can be shown of it."""
        tip_id = tip_of(request)
        if posted(request).get("sure") != "1":
            return see_other(f"/desk/tips/{to_text(tip_id)}#stay")
        await self._holding.erase(signed, tip_id)
        return see_other(f"{GONE}/{to_text(tip_id)}")

    async def gone(self, request: Request, signed: Signed) -> Response:
        """The days on which something was erased."""
        return draw(
            request, signed, "desk/gone.html", days=await self._proving.days(), proofs=None, **told_by(request, signed)
        )

    async def gone_day(self, request: Request, signed: Signed) -> Response:
        """What can be shown of all that was erased on a day."""
        try:
            day = date.fromisoformat(request.path_params["day"])
        except ValueError:
            raise NotThere("no such day") from None
        return self._proofs(request, signed, await self._proving.of_day(day))

    async def gone_tip(self, request: Request, signed: Signed) -> Response:
        """What can be shown of one tip. An id that was never erased here is a page that is not there."""
        proofs = await self._proving.of([tip_of(request)])
        if proofs[0].erased_on is None:
            raise NotThere("nothing of this name was erased here")
        return self._proofs(request, signed, proofs)

    def _proofs(self, request: Request, signed: Signed, proofs: object) -> Response:
        days = self._services.settings.key_backup_days
        return draw(
            request, signed, "desk/gone.html", days=[], proofs=proofs, copies_days=days, **told_by(request, signed)
        )


def stay_words(signed: Signed) -> dict[str, Any]:  # Any: what a template is given
    """What the part of a tip's page needs that says how long it stays."""
    return {
        "may_hold": signed.may(Right.HOLD_TIPS),
        "longest_reason": LONGEST_REASON,
        "hold_part": to_text(random_id()),
    }

"""The desk's page about calls: what was called and who said yes, who is on call, and how one is reached oneself."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n import formats
from i18n.languages import LANGUAGES
from portal.alerts.ladder import RUNGS, Call, Kind, Turn
from portal.alerts.reached import NEVER, Reach
from portal.alerts.ways import MAIL
from portal.errors import NotThere
from portal.ids import from_text, random_id, to_text
from portal.readings import mailbox
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.store.valkey import ValkeyAway
from portal.vault.targets import LONGEST
from portal.web.forms import Form
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

CALLS: Final = "/desk/calls"
MOST_WAYS: Final = 5
LONGEST_HOURS: Final = 168
LATEST_HOURS: Final = 24 * 60
HOUR_S: Final = 3600


class CallPages:
    """One page, and what is posted from it."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._alerts = services.alerts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        see, arrange = Right.SEE_CALLS, Right.ARRANGE_CALLS
        return [
            Route(CALLS, desk_page(self.page, see), methods=["GET"]),
            Route(f"{CALLS}/yes", desk_page(self.yes, see), methods=["POST"]),
            Route(f"{CALLS}/way", desk_page(self.add_way, see), methods=["POST"]),
            Route(f"{CALLS}/way/try", desk_page(self.try_way, see), methods=["POST"]),
            Route(f"{CALLS}/way/remove", desk_page(self.remove_way, see), methods=["POST"]),
            Route(f"{CALLS}/test", desk_page(self.test, arrange), methods=["POST"]),
            Route(f"{CALLS}/turn", desk_page(self.add_turn, arrange), methods=["POST"]),
            Route(f"{CALLS}/turn/remove", desk_page(self.remove_turn, arrange), methods=["POST"]),
            Route(f"{CALLS}/{{note}}", desk_page(self.page, see), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """How things stand."""
        now_s = self._services.clock.now().timestamp()
        now_ms = int(now_s * 1000)
        roster = await self._alerts.roster.read()
        people = {person.id: person.alias for person in await self._services.staff.accounts.everyone()}
        try:
            calls = await self._alerts.calls()
            reached = await self._alerts.reached(roster)
        except ValkeyAway:
            calls, reached = None, {}
        reachable = {way.person for way in roster.ways}
        return draw(
            request,
            signed,
            "desk/calls.html",
            calls=calls
            and [
                (
                    to_text(name),
                    call,
                    _named(call),
                    int(now_s - call.since_ms / 1000) // 60,
                    people.get(call.by, ""),
                )
                for name, call in calls
            ],
            turns=[
                (
                    to_text(row.id),
                    row.turn,
                    people[row.turn.person],
                    [(way.way, reached.get(way.id, NEVER)) for way in roster.ways_of(row.turn.person)],
                )
                for row in roster.written
                if row.turn.ends > now_s
            ],
            hours=lambda seconds: max(1, round(seconds / HOUR_S)),
            now=now_s,
            is_anybody_reached=bool(reachable),
            ways=[(to_text(way.id), way, reached.get(way.id, NEVER)) for way in roster.ways_of(signed.staff_id)],
            since=moments(request, signed, now_ms),
            offered=self._alerts.ways.offered,
            most_ways=MOST_WAYS,
            rungs=range(1, RUNGS + 1),
            people=[(to_text(person), people[person]) for person in roster.tongues],
            note=await read_note(self._services.passes, request.path_params),
        )

    async def yes(self, request: Request, signed: Signed) -> Response:
        """She has it."""
        await self._alerts.says_yes(_id(posted(request), "call"), signed.staff_id)
        return see_other(CALLS)

    async def test(self, _: Request, signed: Signed) -> Response:
        """Call everybody on call as for somebody in need, rung by rung, until one of them says yes."""
        await self._alerts.raise_("test", random_id())
        await self._services.staff.journal.write("alert.tested", signed.staff_id)
        return await self._noted(Note(about="tested"))

    async def add_way(self, request: Request, signed: Signed) -> Response:
        """One more way to reach her."""
        form = posted(request)
        way, target = form.get("way", ""), " ".join(form.get("target", "").split())
        if way not in self._alerts.ways.offered or not _may_be(way, target):
            typed = {"way": way[:20], "target": target[:LONGEST]}
            return await self._noted(Note(wrongs={"target": "desk.calls.wrong_target"}, typed=typed))
        if len((await self._alerts.roster.read()).ways_of(signed.staff_id)) < MOST_WAYS:
            await self._alerts.roster.add_way(signed.staff_id, way, target)
            self._alerts.forget()
        return see_other(CALLS)

    async def try_way(self, request: Request, signed: Signed) -> Response:
        """Send her what an alert would say; the page tells whether it went."""
        went = await self._alerts.try_way(signed.staff_id, _id(posted(request), "row"))
        if went:
            await self._services.note_ready("alert", signed.staff_id)
        return await self._noted(Note(about="sent" if went else "not_sent"))

    async def remove_way(self, request: Request, signed: Signed) -> Response:
        """One way less."""
        await self._alerts.roster.remove_way(signed.staff_id, _id(posted(request), "row"))
        self._alerts.forget()
        return see_other(CALLS)

    async def add_turn(self, request: Request, signed: Signed) -> Response:
        """Put somebody on call."""
        form = posted(request)
        rung, after, lasts = (_whole(form, name) for name in ("rung", "after", "lasts"))
        person = _id(form, "person")
        if person not in (await self._alerts.roster.read()).tongues:
            raise NotThere("nobody")
        if not (1 <= rung <= RUNGS and 0 <= after <= LATEST_HOURS and 1 <= lasts <= LONGEST_HOURS):
            return await self._noted(Note(wrongs={"turn": "desk.calls.wrong_turn"}))
        begins = int(self._services.clock.now().timestamp()) + after * HOUR_S
        await self._alerts.roster.put_on_call(signed.staff_id, Turn(rung, person, begins, begins + lasts * HOUR_S))
        self._alerts.forget()
        return see_other(CALLS)

    async def remove_turn(self, request: Request, signed: Signed) -> Response:
        """Take a turn off the list."""
        await self._alerts.roster.take_off_call(signed.staff_id, _id(posted(request), "row"))
        self._alerts.forget()
        return see_other(CALLS)

    async def _noted(self, note: Note) -> Response:
        return see_other(await leave_note(self._services.passes, CALLS, note))


def moments(request: Request, signed: Signed, now_ms: int) -> Callable[[Reach], str]:
    """When an alert last went out, in words: the hour by the house's own clock, after a shift the day alone."""
    spoken, doors = LANGUAGES[tongue_of(request, signed)], request.state.doors

    def written(reach: Reach) -> str:
        if reach.is_by_day(now_ms):
            return formats.day(spoken, datetime.fromtimestamp(reach.went_ms / 1000, UTC))
        at = datetime.fromtimestamp(reach.went_ms / 1000, doors.clock)
        return f"{formats.day(spoken, at)} {formats.clock(spoken, at)}"

    return written


def _may_be(way: str, target: str) -> bool:
    """Whether this can be a target: a mailbox, or a short line that the operator's own program understands."""
    if way != MAIL:
        return 1 <= len(target) <= LONGEST and target.isprintable()
    try:
        return bool(mailbox(target)) and len(target) <= LONGEST
    except ValueError:
        return False


def _named(call: Call) -> str:
    """The kind as the page calls it: one of a newer house is a call like any other."""
    return call.kind if call.kind in get_args(Kind) else "other"


def _id(form: Form, name: str) -> bytes:
    try:
        return from_text(form.get(name, ""), 16)
    except ValueError:
        raise NotThere("no such row") from None


def _whole(form: Form, name: str) -> int:
    text = form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1

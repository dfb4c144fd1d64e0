"""The privacy desk's pages of requests: the log with its clock, a new one, and one with all that was done."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from starlette.requests import Request as Asking
from starlette.responses import Response
from starlette.routing import Route

from i18n import formats
from i18n.languages import DESK_TAGS, LANGUAGES
from portal.errors import NotThere
from portal.ids import from_text, random_id, to_text
from portal.privacy.book import by_name
from portal.privacy.form import FIELDS, WHO_LIMIT, WORDS_LIMIT, read_new, read_step
from portal.privacy.kinds import BREACH_STEPS, ENDS, KINDS, OWN, STAGES, WAYS, read_days
from portal.privacy.letters import Letters
from portal.privacy.limits import limits_of
from portal.privacy.request import VERSION, Step
from portal.staff.drawing import draw, tongue_of
from portal.staff.forms import FormWrong
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import RIGHTS, Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other, site_of

if TYPE_CHECKING:
    from portal.services import Services

REQUESTS: Final = "/desk/requests"
NEW: Final = f"{REQUESTS}/new"
ONE: Final = f"{REQUESTS}/one"


class RequestPages:
    """The log, the form for a new request, and one request."""

    def __init__(self, services: "Services", letters: Letters) -> None:
        self._services = services
        self._book = services.requests
        self._letters = letters

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        may, one = Right.PRIVACY_OFFICER, f"{ONE}/{{row}}"
        return [
            Route(REQUESTS, desk_page(self.page, may), methods=["GET"]),
            Route(NEW, desk_page(self.new, may), methods=["GET"]),
            Route(NEW, desk_page(self.write, may), methods=["POST"]),
            Route(f"{NEW}/{{note}}", desk_page(self.new, may), methods=["GET"]),
            Route(one, desk_page(self.one, may), methods=["GET"]),
            Route(one, desk_page(self.step, may), methods=["POST"]),
            Route(f"{one}/letter", desk_page(self.letter, may), methods=["POST"]),
            Route(f"{one}/{{note}}", desk_page(self.one, may), methods=["GET"]),
        ]

    async def page(self, request: Asking, signed: Signed) -> Response:
        """The log: what is open, the nearest day first; then what was closed."""
        await self._services.staff.journal.once_a_day("asked.list_seen", signed.staff_id)
        rows = [(to_text(each.id), each) for each in await self._book.all(signed)]
        return draw(
            request,
            signed,
            "desk/privacy.html",
            open_rows=[row for row in rows if not row[1].until],
            closed_rows=[row for row in rows if row[1].until],
            kinds=KINDS,
            days={kind: self._days().get(kind) for kind in KINDS},
            limits_of=limits_of,
            day=_day_in(request, signed),
        )

    async def new(self, request: Asking, signed: Signed) -> Response:
        """The form for what came in."""
        note = await read_note(self._services.passes, request.path_params)
        return draw(
            request,
            signed,
            "desk/privacy_new.html",
            note=note,
            kinds=KINDS,
            ways=WAYS,
            who_limit=WHO_LIMIT,
            words_limit=WORDS_LIMIT,
            today=self._services.clock.now().date().isoformat(),
            # Made with the form: pressed twice, it goes into the book once.
            row=note.typed.get("row") or to_text(random_id()),
        )

    async def write(self, request: Asking, signed: Signed) -> Response:
        """Into the book; what follows is its own page."""
        form, row = posted(request), _row(posted(request).get("row", ""))
        now = self._services.clock.now()
        try:
            made = read_new(
                form, today=now.date(), days=self._days(), by=signed.alias, at_ms=int(now.timestamp() * 1000)
            )
        except FormWrong as wrong:
            typed = {name: form.get(name, "")[: 2 * WORDS_LIMIT] for name in (*FIELDS, "row")}
            return see_other(await leave_note(self._services.passes, NEW, Note(wrongs=wrong.wrongs, typed=typed)))
        await self._book.write(signed, made, row)
        return see_other(f"{ONE}/{to_text(row)}")

    async def one(self, request: Asking, signed: Signed) -> Response:
        """One request whole, with the letter for it, and what can be done next."""
        row = _row(request.path_params["row"])
        asked = await self._book.one(signed, row)
        if asked is None:
            raise NotThere("no such request")
        await self._services.staff.journal.write("asked.opened", signed.staff_id, row)
        spoken = self._tongue(request, signed)
        kind = None if asked.request is None else asked.request.kind
        return draw(
            request,
            signed,
            "desk/privacy_one.html",
            row=to_text(row),
            at=asked,
            asked=asked.request,
            own=kind in OWN,
            ticked=by_name(asked.steps),
            items=BREACH_STEPS,
            stages=STAGES,
            ends=ENDS,
            officers=await self._officers(),
            limits=() if kind is None else limits_of(kind),
            spoken=spoken,
            tongues=DESK_TAGS,
            letter="" if kind is None else self._letters.whole(kind, spoken, site_of(request).name),
            words_limit=WORDS_LIMIT,
            day=_day_in(request, signed),
            moment=_moment_in(request, signed),
            note=await read_note(self._services.passes, request.path_params),
        )

    async def step(self, request: Asking, signed: Signed) -> Response:
        """Something was done about it."""
        row = _row(request.path_params["row"])
        try:
            step = read_step(posted(request), row, by=signed.alias, at_ms=self._now_ms())
        except FormWrong as wrong:
            typed = {"words": posted(request).get("words", "")[: 2 * WORDS_LIMIT]}
            note = Note(wrongs=wrong.wrongs, typed=typed)
            return see_other(await leave_note(self._services.passes, f"{ONE}/{to_text(row)}", note))
        await self._book.add(signed, row, step)
        return see_other(f"{ONE}/{to_text(row)}")

    async def letter(self, request: Asking, signed: Signed) -> Response:
        """The standard reply went out: the letter is written down as it stood."""
        row, tongue = _row(request.path_params["row"]), posted(request).get("tongue", "")
        asked = await self._book.one(signed, row)
        if asked is None or asked.request is None or tongue not in DESK_TAGS:
            raise NotThere("no such request")
        words = self._letters.whole(asked.request.kind, tongue, site_of(request).name)
        at_ms = self._now_ms()
        step = Step(
            version=VERSION, what="letter", request=row, value=tongue, words=words, by=signed.alias, at_ms=at_ms
        )
        await self._book.add(signed, row, step)
        return see_other(f"{ONE}/{to_text(row)}")

    def _days(self) -> dict[str, int]:
        return read_days(self._services.now.request_days)

    def _now_ms(self) -> int:
        return int(self._services.clock.now().timestamp() * 1000)

    def _tongue(self, request: Asking, signed: Signed) -> str:
        asked = request.query_params.get("in", "")
        return asked if asked in DESK_TAGS else tongue_of(request, signed)

    async def _officers(self) -> list[str]:
        """Who may do this work by her role, by alias."""
        everyone = await self._services.staff.accounts.everyone()
        return [each.alias for each in everyone if each.is_active and Right.PRIVACY_OFFICER in RIGHTS[each.role]]


def _row(text: str) -> bytes:
    try:
        return from_text(text, 16)
    except ValueError:
        raise NotThere("no such request") from None


def _day_in(request: Asking, signed: Signed) -> Callable[[str], str]:
    """A day as it is written in her own language."""
    spoken = LANGUAGES[tongue_of(request, signed)]
    return lambda written: formats.day(spoken, date.fromisoformat(written))


def _moment_in(request: Asking, signed: Signed) -> Callable[[int], str]:
    """A day and its hour, by the house's own clock."""
    spoken, doors = LANGUAGES[tongue_of(request, signed)], request.state.doors

    def written(at_ms: int) -> str:
        here = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(doors.clock)
        return f"{formats.day(spoken, here)} {formats.clock(spoken, here)}"

    return written

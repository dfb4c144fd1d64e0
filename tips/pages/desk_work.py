"""The desk's pages of the work on a tip: in whose hands it is, labels, notes, a second look, why it was opened."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.ids import ID_SIZE, random_id, to_text
from portal.services import Services
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other
from portal.web.sanitise import strip_markup, tidy_text
from tips.pages.named import part_of, tip_of
from tips.review import ReadTip
from tips.work import deeds, history
from tips.work.acts import (
    Meanwhile,
    NobodyAsked,
    NotToHer,
    TooManyAsked,
    TooManyLabels,
    Working,
)
from tips.work.book import BookFull
from tips.work.colleagues import Colleagues, choices, supervises
from tips.work.deeds import A_SUPERVISOR, NOBODY, Word
from tips.work.house_labels import HouseLabels
from tips.work.labels import are_short, change, read_labels
from tips.work.openings import Openings, ReasonNeeded
from tips.work.reasons import reason_of

ONE: Final = "/desk/tips/{id}"
LIST: Final = "/desk/tips"

NOTE_LIMIT: Final = 4_000
ASK_LIMIT: Final = 500

# What an act may refuse; everything else is no answer to a form.
_REFUSED: Final = (Meanwhile, NotToHer, TooManyLabels, TooManyAsked, NobodyAsked, BookFull)


def asks_why(routes: Sequence[Route]) -> list[Route]:
    """The same addresses of one tip; where it is not hers to open, they lead to the page that asks for a reason."""
    return [Route(each.path, _asking(each.endpoint), methods=sorted(each.methods or ())) for each in routes]


def _asking(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    @wraps(endpoint)
    async def asked(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ReasonNeeded:
            return see_other(f"{LIST}/{request.path_params['id']}")

    return asked


class WorkPages:
    """What staff do with a tip among themselves. Each post is answered 303, back to the tip."""

    def __init__(self, services: Services, working: Working) -> None:
        self._services = services
        self._working = working
        self._colleagues = Colleagues(services)
        self._openings = Openings(services)
        self._labels = HouseLabels(services)

    def routes(self) -> list[Route]:
        """The addresses of these acts."""
        return [
            Route(f"{ONE}/{name}", desk_page(act, right), methods=["POST"])
            for name, act, right in (
                ("why", self.why, Right.READ_TIPS),
                ("hands", self.hands, Right.ANSWER_TIPS),
                ("labels", self.label, Right.ANSWER_TIPS),
                ("notes", self.note, Right.ANSWER_TIPS),
                ("eyes", self.eyes, Right.ANSWER_TIPS),
            )
        ]

    async def shown(self, signed: Signed, read: ReadTip) -> dict[str, Any]:
        """What the page of a tip shows of the work on it."""
        known = await self._colleagues.known()
        others = choices(known.values(), read.card.language, but=(signed.staff_id,))
        holder = known.get(read.desk.assignee)
        return {
            "holder": read.desk.assignee,
            "holder_alias": "" if holder is None else holder.alias,
            "holder_left": read.desk.assignee != NOBODY and (holder is None or not holder.is_here),
            "me": signed.staff_id,
            "to": [(each.colleague.id.hex(), each.colleague.alias, each.reads) for each in others],
            "offered": [label for label in await self._labels.all() if label not in read.desk.labels],
            "asked": [known[each].alias if each in known else "" for each in read.desk.eyes],
            "may_give": deeds.answers(read.desk.eyes, signed.staff_id, supervises=supervises(signed)),
            "log": [entry for entry in read.entries if entry.act in _TOLD],
            "moves": history.moves(read.words, read.facts, read.history, read.entries),
            "words": list(Word),
            "supervisor": A_SUPERVISOR.hex(),
            "part": lambda: to_text(random_id()),
            "limits": {"note": NOTE_LIMIT, "ask": ASK_LIMIT},
        }

    async def why(self, request: Request, signed: Signed) -> Response:
        """Say why a tip is opened that is not hers to open, and open it."""
        tip_id, reason = tip_of(request), reason_of(posted(request).get("reason", ""))
        if reason is None:
            return await self._back(tip_id, Note(phrase="deskwork.why.choose"))
        await self._openings.state(signed, tip_id, reason)
        return see_other(f"{LIST}/{to_text(tip_id)}")

    async def hands(self, request: Request, signed: Signed) -> Response:
        """Take a tip, give it back, give it to somebody, with a note of what is to be done or without."""
        tip_id, form = tip_of(request), posted(request)
        to = signed.staff_id if form.get("do") == "take" else _person(form.get("to", ""))
        if form.get("do") == "free":
            to = NOBODY
        elif to == NOBODY:
            return await self._back(tip_id, Note(phrase="deskwork.error.whom"), "hands")
        todo, seen, part = _text(form, "todo"), _person(form.get("seen", "")), part_of(form.get("part", ""))
        if len(todo) > ASK_LIMIT:
            return await self._kept(tip_id, "todo", todo, "hands")
        if todo and to not in (NOBODY, signed.staff_id):
            act = self._working.hand_over(signed, tip_id, to, todo, seen=seen, part=part)
        else:
            act = self._working.assign(signed, tip_id, to, seen=seen, part=part)
        return await self._done(tip_id, act, "hands", {"todo": todo})

    async def label(self, request: Request, signed: Signed) -> Response:
        """Put labels on, take labels off."""
        tip_id, form = tip_of(request), posted(request)
        typed = read_labels(form.get("new", ""))
        if not are_short(typed):
            return await self._kept(
                tip_id, "new", form.get("new", "")[:NOTE_LIMIT], "labels", "deskwork.error.long_label"
            )
        had, ticked = read_labels("\n".join(form.many("had"))), read_labels("\n".join(form.many("label")))
        changed = change(had, ticked, typed)
        if not changed:
            return see_other(f"{LIST}/{to_text(tip_id)}#labels")
        act = self._working.label(signed, tip_id, changed, part=part_of(form.get("part", "")))
        return await self._done(tip_id, act, "labels", {"new": form.get("new", "")})

    async def note(self, request: Request, signed: Signed) -> Response:
        """Leave a note for colleagues."""
        tip_id, form = tip_of(request), posted(request)
        text = _text(form, "note")
        if not text:
            return await self._back(tip_id, Note(phrase="deskwork.error.empty_note"), "notes")
        if len(text) > NOTE_LIMIT:
            return await self._kept(tip_id, "note", text, "notes")
        act = self._working.note(signed, tip_id, text, part=part_of(form.get("part", "")))
        return await self._done(tip_id, act, "notes", {"note": text})

    async def eyes(self, request: Request, signed: Signed) -> Response:
        """Ask for a second look, or give one."""
        tip_id, form = tip_of(request), posted(request)
        text, part = _text(form, "about"), part_of(form.get("part", ""))
        if len(text) > ASK_LIMIT:
            return await self._kept(tip_id, "about", text, "eyes")
        word = deeds.word_of(form.get("word", ""))
        if form.get("do") == "give":
            if word is None:
                return await self._kept(tip_id, "about", text, "eyes", "deskwork.error.no_word")
            act = self._working.give_word(signed, tip_id, word, text, part=part)
        else:
            of = _person(form.get("of", ""))
            if of == NOBODY:
                return await self._kept(tip_id, "about", text, "eyes", "deskwork.error.whom")
            act = self._working.ask_eyes(signed, tip_id, of, text, part=part)
        return await self._done(tip_id, act, "eyes", {"about": text})

    async def _done(self, tip_id: bytes, act: Awaitable[None], place: str, typed: Mapping[str, str]) -> Response:
        try:
            await act
        except _REFUSED as refused:
            return await self._back(tip_id, Note(phrase=refused.phrase, typed=dict(typed), about=place), place)
        return see_other(f"{LIST}/{to_text(tip_id)}#{place}")

    async def _kept(
        self, tip_id: bytes, name: str, text: str, place: str, phrase: str = "deskwork.error.long"
    ) -> Response:
        return await self._back(tip_id, Note(phrase=phrase, typed={name: text}, about=place), place)

    async def _back(self, tip_id: bytes, note: Note, place: str = "") -> Response:
        where = await leave_note(self._services.passes, f"{LIST}/{to_text(tip_id)}/after", note)
        return see_other(where + (f"#{place}" if place else ""))


# The acts a log of the work shows; what moved the status stands in a list of its own, what others wrote in theirs.
_TOLD: Final = frozenset({deeds.ASSIGNED, deeds.HANDED, deeds.LABELS, deeds.NOTE, deeds.EYES_ASKED, deeds.EYES_GIVEN})


def _person(typed: str) -> bytes:
    return deeds.person(typed[: 2 * ID_SIZE + 2])


def _text(form: Form, name: str) -> str:
    return tidy_text(strip_markup(form.get(name, "")))

"""The desk's list of tips: its pages, what somebody chose to see of it, and what a search found."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from i18n import formats
from i18n.languages import LANGUAGES
from portal.errors import NotThere, TooBusy
from portal.ids import random_id, to_text
from portal.services import Services
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import posted
from portal.staff.rights import RIGHTS, Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other
from tips.crowd.signs import NO_SIGNS, Lookout, Signs
from tips.crowd.together import Together
from tips.folding import terms
from tips.inbox import Inbox, Listing
from tips.search import Search, SearchStopped
from tips.shelf import CLOSED, EVERYTHING, Choice
from tips.shelf_keeping import ShelfKeeping
from tips.tip import Child, Path, Status, Urgency
from tips.work.colleagues import supervises
from tips.work.labels import read_label
from tips.work.openings import Openings

LIST: Final = "/desk/tips"
CHOSEN: Final = "inbox"
LASTS: Final = timedelta(minutes=30)
LONGEST_TYPED: Final = 200

ALL: Final = "all"

# Lists that have a link of their own; what their addresses tell is no more than that somebody works here.
SHOWN: Final[dict[str, Choice]] = {
    "closed": CLOSED,
    "mine": Choice(whose="mine"),
    "nobody": Choice(whose="nobody"),
    "eyes": Choice(whose="eyes"),
    "left": Choice(whose="left"),
    "reports": Choice(whose="reports", with_closed=True),
}

# What is offered: the name of a field, and its values. The first, empty one lets everything through.
OFFERED: Final[dict[str, tuple[str, ...]]] = {
    "status": ("", ALL, *(status.value for status in Status)),
    "urgency": tuple(urgency.value for urgency in (Urgency.UNSAID, Urgency.NOW, Urgency.DAY, Urgency.EARLIER)),
    "child": tuple(child.value for child in (Child.UNSAID, Child.YES, Child.UNSURE, Child.NO)),
    "path": tuple(path.value for path in (Path.UNSAID, Path.SELF, Path.KNOWN, Path.SAW)),
    "language": ("", *LANGUAGES),
    "days": ("", "today", "week", "month", "older"),
    "whose": ("", "mine", "nobody", "eyes", "left", "reports"),
}


class Chosen(msgspec.Struct, frozen=True, array_like=True):
    """What a pass carries and no address: whose it is, what she chose, and what was found where she typed words."""

    session: bytes
    choice: Choice
    typed: str = ""
    found: list[bytes] | None = None
    total: int = 0
    waiting: int = 0
    say: str = ""

    def __repr__(self) -> str:
        return "Chosen(...)"


NOTHING_CHOSEN: Final = Chosen(b"", EVERYTHING)


class InboxPages:
    """The pages. A person whose keys do not open tips sees how many there are, and nothing else."""

    def __init__(
        self,
        services: Services,
        listing: Listing,
        search: Search,
        keeping: ShelfKeeping,
        together: Together,
        lookout: Lookout,
        openings: Openings,
    ) -> None:
        self._services = services
        self._listing = listing
        self._search = search
        self._keeping = keeping
        self._together = together
        self._lookout = lookout
        self._openings = openings

    async def inbox(self, request: Request, signed: Signed) -> Response:
        """The list, urgent first, and the counts; of the closed ones where they are asked for."""
        if Right.READ_TIPS not in RIGHTS[signed.role]:
            raise NotThere("no such page for this person")
        if signed.may(Right.READ_TIPS):
            # The list shows what stands on the cards: an opening, though of many at once and named of none.
            await self._services.staff.journal.once_a_day("tip.list_seen", signed.staff_id)
        show = request.query_params.get("show", "")
        is_hers = request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")
        signs = await self._lookout.look(signed, is_hers=is_hers)
        choice, page = SHOWN.get(show, EVERYTHING), _number(request)
        inbox = await self._listing.page(signed, choice, page, folds=True, since=signs.since)
        self._keeping.offer(signed)
        where = f"{LIST}?show={show}&" if show in SHOWN else f"{LIST}?"
        many = await self._openings.opened_many() if inbox.may_read and supervises(signed) else ()
        shown = show if show in SHOWN else ""
        return await self._draw(request, signed, inbox, NOTHING_CHOSEN, where, signs, show=shown, many=many)

    async def choose(self, request: Request, signed: Signed) -> Response:
        """Take what somebody chose or looks for, and lead to it; words and choice go along under a pass alone."""
        form = posted(request)
        choice = await self._listing.of_people(signed, read_choice(form))
        chosen = Chosen(signed.session, choice, form.get("words", "").strip()[:LONGEST_TYPED])
        wanted = terms(chosen.typed)
        if not wanted:
            if chosen.choice == EVERYTHING:
                return see_other(LIST)
            return await self._go(signed, msgspec.structs.replace(chosen, typed=""))
        try:
            found = await self._search.find(signed, chosen.choice, wanted, request.is_disconnected)
        except SearchStopped:
            return see_other(LIST)
        except TooBusy:
            return await self._go(signed, msgspec.structs.replace(chosen, found=[], say="desktips.find.busy"))
        carried = {"found": list(found.tips), "total": found.total, "waiting": found.waiting}
        return await self._go(signed, msgspec.structs.replace(chosen, **carried))

    async def chosen(self, request: Request, signed: Signed) -> Response:
        """A page of what was chosen or found; the whole list once the pass has run out."""
        key = request.path_params["key"]
        opened = await self._services.passes.open(key, CHOSEN)
        chosen = NOTHING_CHOSEN if opened is None else msgspec.msgpack.decode(opened, type=Chosen)
        if chosen.session != signed.session:
            return see_other(LIST)
        number = _number(request)
        if chosen.found is None:
            inbox = await self._listing.page(signed, chosen.choice, number, folds=True)
        else:
            inbox = await self._listing.these(signed, chosen.found, chosen.choice, number)
            inbox = replace(inbox, waiting=chosen.waiting)
        return await self._draw(request, signed, inbox, chosen, f"{LIST}/chosen/{key}?")

    async def _go(self, signed: Signed, chosen: Chosen) -> Response:
        # One at a time: what she looked for before goes with it.
        group = b"inbox" + signed.session
        await self._services.passes.drop(group)
        key = await self._services.passes.issue(CHOSEN, msgspec.msgpack.encode(chosen), group=group, lasts=LASTS)
        return see_other(f"{LIST}/chosen/{key}")

    async def _draw(
        self,
        request: Request,
        signed: Signed,
        inbox: Inbox,
        chosen: Chosen,
        where: str,
        signs: Signs = NO_SIGNS,
        *,
        show: str = "",
        many: Collection[bytes] = (),
    ) -> Response:
        may_close = signed.may(Right.ANSWER_TIPS)
        open_ones = [row.id for row in inbox.rows if may_close and row.status is not Status.CLOSED]
        return draw(
            request,
            signed,
            "desk/tips.html",
            inbox=inbox,
            shows_closed=inbox.choice.status is Status.CLOSED,
            chosen=chosen,
            offered=OFFERED,
            where=where,
            show=show,
            many=[inbox.names.get(each, "") for each in many],
            longest=LONGEST_TYPED,
            ticks={drawn.tip: drawn.written for drawn in await self._together.drawn(open_ones)},
            act=to_text(random_id()),
            signs=signs,
            **told_by(request, signed),
        )


def read_choice(form: Form) -> Choice:
    """What was chosen in the form; what is not offered counts as nothing chosen."""
    said = {name: form.get(name, "") for name in OFFERED}
    known: dict[str, Any] = {name: value if value in OFFERED[name] else "" for name, value in said.items()}
    known["with_closed"] = known["status"] == ALL
    known["status"] = None if known["with_closed"] else known["status"] or None
    known["from_talk"] = form.get("from_talk") == "1"
    known["label"] = read_label(form.get("label", "")[:LONGEST_TYPED])
    known["of"] = ()
    return msgspec.convert([known[name] for name in Choice.__struct_fields__], type=Choice)


def told_by(request: Request, signed: Signed) -> dict[str, Any]:
    """How the desk's templates write ids, days and languages of tips."""
    spoken = LANGUAGES[tongue_of(request, signed)]
    return {
        "to_text": to_text,
        "day": lambda when: formats.day(spoken, when),
        "tongue": lambda tag: LANGUAGES[tag].own_name if tag in LANGUAGES else tag,
    }


def _number(request: Request) -> int:
    typed = request.query_params.get("page", "1")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1

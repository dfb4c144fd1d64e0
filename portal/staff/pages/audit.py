"""The page of the audit: lines by day, person, act and subject, and the way to take them away as a file."""

from datetime import date
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.staff.acts import Acts
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.staff.trail.audit_chain import BROKEN, NOBODY
from portal.staff.trail.audit_reading import Asked, acts_of
from portal.staff.trail.audited import ACTS, Of, act_of
from portal.staff.unlock import TooManyTries, WrongPassphrase
from portal.vault.audit_lines import Line
from portal.vault.errors import PoolFull
from portal.web.forms import Form
from portal.web.headers import FILE_POLICY
from portal.web.page import see_other

AUDIT: Final = "/desk/audit"
_FIELDS: Final = ("from", "to", "who", "act", "about")


class AuditPages:
    """What somebody reads who watches over the house."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        right = Right.SEE_AUDIT
        return [
            Route(AUDIT, desk_page(self.page, right), methods=["GET"]),
            Route(f"{AUDIT}/take", desk_page(self.take, right), methods=["POST"]),
            Route(f"{AUDIT}/file/{{key}}", desk_page(self.file, right), methods=["GET"]),
            Route(f"{AUDIT}/{{note}}", desk_page(self.page, right), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """A page of lines, the newest first."""
        asked = read_asked(request.query_params)
        leaf = await self._acts.audit.leaf(signed, asked)
        return draw(
            request,
            signed,
            "desk/audit.html",
            lines=[_shown(line) for line in leaf.lines],
            aliases=leaf.aliases,
            people=sorted(leaf.aliases.items(), key=lambda each: each[1].casefold()),
            is_broken=leaf.is_broken,
            kinds=[(kind, [act.name for act in ACTS.values() if act.of is kind]) for kind in Of],
            asked=_typed(asked),
            onward=_address(asked, before=leaf.lines[-1].number) if leaf.onward else "",
            first=_address(asked) if asked.before is not None else "",
            about=lambda subject: _address(Asked(about=subject)),
            broken=_address(Asked(act=BROKEN)),
            nobody=NOBODY,
            to_text=to_text,
            note=await read_note(self._acts.services.passes, request.path_params),
        )

    async def take(self, request: Request, signed: Signed) -> Response:
        """A way to the file, for a minute and for this person, once she has proved that it is her."""
        form = posted(request)
        asked = read_asked(form)
        try:
            key = await self._acts.audit.take(signed, form.get("passphrase", ""), asked)
        except (WrongPassphrase, TooManyTries, PoolFull) as wrong:
            back = await leave_note(self._acts.services.passes, AUDIT, Note(phrase=wrong.phrase))
            return see_other(f"{back}{_query(asked)}")
        return see_other(f"{AUDIT}/file/{key}")

    async def file(self, request: Request, signed: Signed) -> Response:
        """The file itself: kept by nobody on the way, and nothing a browser would open as a page of ours."""
        taking = await self._acts.audit.taken(signed, request.path_params["key"])
        response = StreamingResponse(self._acts.audit.file(taking), 200, media_type="text/csv; charset=utf-8")
        response.headers["content-disposition"] = f'attachment; filename="audit-{taking.day}-{taking.number}.csv"'
        response.headers["content-security-policy"] = FILE_POLICY
        response.headers["cache-control"] = "no-store"
        return response


def read_asked(typed: QueryParams | Form) -> Asked:
    """What an address or a form asks for. Raises NotThere for what no page of ours asks."""
    try:
        before = typed.get("before", "")
        asked = Asked(
            first=_day(typed.get("from", "")),
            last=_day(typed.get("to", "")),
            who=_name(typed.get("who", ""), range(16, 17)),
            act=typed.get("act", ""),
            about=_name(typed.get("about", "").strip(), range(1, 33)),
            before=int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None,
        )
    except ValueError:
        raise NotThere("nothing of this name") from None
    if asked.act and not acts_of(asked.act):
        raise NotThere("no such act")
    return asked


def _day(typed: str) -> str:
    return date.fromisoformat(typed.strip()).isoformat() if typed.strip() else ""


def _name(typed: str, sizes: range) -> bytes | None:
    """The bytes of a name as pages write it, where it may be of this size; ValueError for any other."""
    if not typed:
        return None
    size = len(typed) * 3 // 4
    if size not in sizes:
        raise ValueError("no name of ours")
    return from_text(typed, size)


def _typed(asked: Asked) -> dict[str, str]:
    values = asked.first, asked.last, _text(asked.who), asked.act, _text(asked.about)
    return dict(zip(_FIELDS, values, strict=True))


def _text(name: bytes | None) -> str:
    return "" if name is None else to_text(name)


def _query(asked: Asked, before: int | None = None) -> str:
    kept = {name: value for name, value in _typed(asked).items() if value}
    if before is not None:
        kept["before"] = str(before)
    return f"?{urlencode(kept)}" if kept else ""


def _address(asked: Asked, before: int | None = None) -> str:
    return f"{AUDIT}{_query(asked, before)}"


def _shown(line: Line) -> tuple[Line, str, str]:
    """A line, its act's name in the table (empty where it has none), and what stands behind the name."""
    found = act_of(line.act)
    return (line, "", line.act) if found is None else (line, found[0].name, found[1])

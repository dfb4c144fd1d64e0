"""The pages a new house begins with: set-up by the one-time code, then the three recovery sheets, shown once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import Away, NotThere, PorchlightError
from portal.numbers import region_ids
from portal.staff.acts import Acts
from portal.staff.drawing import draw
from portal.staff.forms import FormWrong, check_new_sign_in, gather, read_house, read_person
from portal.staff.guard import desk_page, open_desk_page, posted
from portal.staff.keys.setup import AlreadySetUp, CodeWrong, FirstWords
from portal.staff.note import Note, leave_note, read_note
from portal.staff.passphrase import NameWrong, PassphraseWeak
from portal.staff.rights import Right
from portal.staff.sessions.cookie import with_cookie
from portal.staff.sessions.devices import with_device
from portal.staff.sessions.session import Signed
from portal.vault.errors import PoolFull
from portal.vault.sheets import LETTERS
from portal.web.forms import Form
from portal.web.page import see_other

SHEET_LASTS: Final = timedelta(minutes=30)
SHEET_GROUP: Final = b"recovery sheet"
GROUPS: Final = LETTERS // 4  # of one sheet
Done = TypeVar("Done")
WAITS_S: Final = 60.0
MORE_S: Final = 4.0  # for the last of it: one store may be back later than the other
_AGAIN_S: Final = 0.3
_KEPT: Final = ("house", "phone", "region", "alias", "name", "tongue")


class SetUpPages:
    """Before anybody is here, and the first ten minutes after."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        return [
            Route("/desk/setup", open_desk_page(self.ask), methods=["GET"]),
            Route("/desk/setup", open_desk_page(self.set_up), methods=["POST"]),
            Route("/desk/setup/{note}", open_desk_page(self.ask), methods=["GET"]),
            Route("/desk/sheet/{note}", desk_page(self.sheet, Right.OPEN_DOORS), methods=["GET"]),
            Route("/desk/sheet", desk_page(self.keep_sheet, Right.OPEN_DOORS), methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The set-up form; a page that is not there once the house is set up."""
        if (await self._acts.house.facts()).is_set_up:
            raise NotThere("set up already")
        note = await read_note(self._acts.services.passes, request.path_params)
        return draw(request, None, "desk/setup.html", note=note, regions=list(region_ids()))

    async def set_up(self, request: Request) -> Response:
        """Set the house up, sign its first person in, and lead her to the sheet."""
        form = posted(request)
        passes = self._acts.services.passes
        try:
            words = _read(form)
            done = await self._acts.set_up.set_up(form.get("code", ""), words)
        except FormWrong as wrong:
            return await self._again(form, wrong.wrongs)
        except CodeWrong as wrong:
            return await self._again(form, {"code": wrong.phrase})
        except (NameWrong, PassphraseWeak) as wrong:
            return await self._again(form, {"passphrase": wrong.phrase})
        except PoolFull as full:
            return await self._again(form, {"passphrase": full.phrase})
        except AlreadySetUp:
            return see_other("/desk/signin")
        lines = [group for sheet in done.sheets for group in sheet.groups()]
        # The house is made, and its sheets are nowhere but here: a store that is away just now is waited for.
        ends = asyncio.get_running_loop().time() + WAITS_S
        sheet = await _patiently(
            lambda: leave_note(passes, "/desk/sheet", Note(lines=lines), lasts=SHEET_LASTS, group=SHEET_GROUP), ends
        )
        signed_in = await _patiently(lambda: self._acts.sign_in.let_in(done.first), ends + MORE_S)
        answer = with_cookie(see_other(sheet), signed_in.token)
        try:
            return with_device(answer, await self._acts.devices.add("", form.get("name", "")))
        except Away:
            return answer  # no sheet is lost for a cookie that only shortens a later wait

    async def sheet(self, request: Request, signed: Signed) -> Response:
        """The three recovery sheets, while their pass lasts. No other page ever shows one."""
        note = await read_note(self._acts.services.passes, request.path_params)
        if not note.lines:
            return see_other("/desk/sheets")
        sheets = list(enumerate(batched(note.lines), 1))
        return draw(request, signed, "desk/sheet.html", sheets=sheets, kept=await self._acts.holders.kept())

    async def keep_sheet(self, request: Request, signed: Signed) -> Response:
        """Take the one sheet of an older house, typed back, as proof that it is on paper."""
        passes = self._acts.services.passes
        try:
            await self._acts.house.keep_sheet(signed, posted(request).get("sheet", ""))
        except PorchlightError as wrong:
            return see_other(await leave_note(passes, "/desk/opening", Note(wrongs={"sheet": wrong.phrase})))
        return see_other(await leave_note(passes, "/desk/opening", Note(about="sheet_kept")))

    async def _again(self, form: Form, wrongs: dict[str, str]) -> Response:
        note = Note(
            wrongs=wrongs,
            typed={name: form.get(name, "")[:200] for name in _KEPT},
            ticked={"languages": form.many("languages")[:20]},
        )
        return see_other(await leave_note(self._acts.services.passes, "/desk/setup", note))


async def _patiently(step: Callable[[], Awaitable[Done]], ends: float) -> Done:
    """What comes of it, tried again while something is away, until this moment of the loop. Raises Away after that."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            return await step()
        except Away:
            if loop.time() > ends:
                raise
        await asyncio.sleep(_AGAIN_S)


def batched(groups: list[str]) -> list[list[str]]:
    """The groups of several sheets, sheet by sheet."""
    return [groups[at : at + GROUPS] for at in range(0, len(groups), GROUPS)]


def _read(form: Form) -> FirstWords:
    found: list[dict[str, str]] = []
    house = person = sign_in = None
    try:
        house = read_house(form)
    except FormWrong as wrong:
        found.append(wrong.wrongs)
    try:
        person = read_person(form)
    except FormWrong as wrong:
        found.append(wrong.wrongs)
    try:
        sign_in = check_new_sign_in(form)
    except FormWrong as wrong:
        found.append(wrong.wrongs)
    if house is None or person is None or sign_in is None:
        raise FormWrong(gather(*found))
    return FirstWords(
        house=house.name,
        phone_line=house.phone_line,
        region=house.region,
        alias=person.alias,
        name=sign_in[0],
        passphrase=sign_in[1],
        languages=person.languages,
        tongue=person.tongue,
    )

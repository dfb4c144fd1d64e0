"""The pages about the recovery sheets: who keeps which, the proof that each is on paper, and what to do when."""

from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n import formats
from i18n.languages import LANGUAGES
from portal.paper.holders import SheetWrong
from portal.staff.acts import Acts
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, open_desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.pages.setup import SHEET_GROUP
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.staff.trail.audit_chain import NOBODY
from portal.vault.sheets import NUMBERS
from portal.web.forms import Form
from portal.web.page import see_other

SHEETS: Final = "/desk/sheets"
BACK: Final = "/desk/sheets/back"


class PaperPages:
    """The administrator's page, and the one a person without an account shows her paper at."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        right = Right.OPEN_DOORS
        return [
            Route(SHEETS, desk_page(self.sheets, right), methods=["GET"]),
            Route(SHEETS, desk_page(self.write, right), methods=["POST"]),
            Route(BACK, open_desk_page(self.ask), methods=["GET"]),
            Route(BACK, open_desk_page(self.show), methods=["POST"]),
            Route(f"{BACK}/{{note}}", open_desk_page(self.ask), methods=["GET"]),
            Route(f"{SHEETS}/{{note}}", desk_page(self.sheets, right), methods=["GET"]),
        ]

    async def sheets(self, request: Request, signed: Signed) -> Response:
        """Who keeps which sheet, what is still to be shown, who opens what, and what to do on a bad day."""
        language = LANGUAGES[tongue_of(request, signed)]
        return draw(
            request,
            signed,
            "desk/paper.html",
            kept=await self._acts.holders.kept(),
            doors_held=await self._acts.overview.doors(),
            drilled=await self._acts.overview.drilled(),
            written=lambda day: formats.day(language, date.fromisoformat(day)),
            back=f"{self._acts.services.settings.desk_origin}{BACK}",
            note=await read_note(self._acts.services.passes, request.path_params),
        )

    async def write(self, request: Request, signed: Signed) -> Response:
        """Take what was typed of any of the three: a name, and half the letters where the paper is at hand."""
        form, wrongs = posted(request), dict[str, str]()
        await self._acts.holders.name(signed.staff_id, {number: form.get(f"name{number}", "") for number in NUMBERS})
        for number in NUMBERS:
            if form.get(f"half{number}", "").strip():
                wrongs |= await self._shown(signed.staff_id, form, number)
        passes, kept = self._acts.services.passes, await self._acts.holders.kept()
        if not wrongs and kept and all(each.is_done for each in kept):
            # The page that showed them is over when nobody needs it any more.
            await passes.drop(SHEET_GROUP)
            return see_other(await leave_note(passes, "/desk/opening", Note(about="sheet_kept")))
        note = Note(about="" if wrongs else "saved", wrongs=wrongs)
        return see_other(await leave_note(passes, SHEETS, note))

    async def ask(self, request: Request) -> Response:
        """The form for whoever keeps a sheet, signed in or not. It tells nothing about anybody."""
        note = await read_note(self._acts.services.passes, request.path_params)
        return draw(request, None, "desk/paper_back.html", note=note)

    async def show(self, request: Request) -> Response:
        """Take her half of the letters as proof that her paper is right."""
        wrongs = await self._shown(NOBODY, posted(request))
        note = Note(about="" if wrongs else "shown", wrongs=wrongs)
        return see_other(await leave_note(self._acts.services.passes, BACK, note))

    async def _shown(self, staff_id: bytes, form: Form, number: int | None = None) -> dict[str, str]:
        """What is wrong with it, by field; empty when it was believed."""
        of = "" if number is None else str(number)
        try:
            await self._acts.holders.prove(staff_id, form.get(f"half{of}", ""), form.get(f"name{of}", ""), number)
        except SheetWrong as wrong:
            return {f"half{of}": wrong.phrase}
        return {}

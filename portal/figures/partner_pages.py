"""The desk's page of the file for partners: what is in it, and the way to take it, for who proves that it is her."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import Table, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere
from portal.figures.partner import HEAD, Row, SharedSaid, facts_of, read_shared, shared
from portal.figures.shape import regions_counted
from portal.records.case_tables import case_people, cases
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.proving import Proving
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.staff.unlock import TooManyTries, WrongPassphrase
from portal.vault.errors import PoolFull
from portal.web.csv_cells import written
from portal.web.headers import FILE_POLICY
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

PARTNERS: Final = "/desk/figures/partners"
SHARED: Final = "figures.shared"
TAKING: Final = "figures-partners"
ROWS_AT_ONCE: Final = 50


class PartnerPages:
    """Cases opened up to the end of the newest closed quarter. What is sealed to the names is never opened."""

    def __init__(self, services: "Services", proving: Proving) -> None:
        self._services = services
        self._proving = proving

    def routes(self) -> list[Route]:
        """The addresses of the page and the file."""
        right = Right.SHARE_FIGURES
        return [
            Route(PARTNERS, desk_page(self.page, right), methods=["GET"]),
            Route(f"{PARTNERS}/take", desk_page(self.take, right), methods=["POST"]),
            Route(f"{PARTNERS}/file/{{key}}", desk_page(self.file, right), methods=["GET"]),
            Route(f"{PARTNERS}/{{note}}", desk_page(self.page, right), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """What stands in the file and what never does, and the form that takes it."""
        return draw(
            request,
            signed,
            "desk/figures_partners.html",
            newest=await self._services.figures.newest(),
            k=self._services.settings.partner_group,
            head=HEAD,
            note=await read_note(self._services.passes, request.path_params),
        )

    async def take(self, request: Request, signed: Signed) -> Response:
        """A way to the file, for a minute and for this person, once she has proved that it is her. In the audit."""
        try:
            await self._proving.prove(signed, posted(request).get("passphrase", ""))
        except (WrongPassphrase, TooManyTries, PoolFull) as wrong:
            return see_other(await leave_note(self._services.passes, PARTNERS, Note(phrase=wrong.phrase)))
        await self._services.staff.journal.write(SHARED, signed.staff_id)
        return see_other(f"{PARTNERS}/file/{await self._services.passes.issue(TAKING, signed.staff_id)}")

    async def file(self, request: Request, signed: Signed) -> Response:
        """The file: kept by nobody on the way, and nothing a browser would open as a page of ours."""
        if await self._services.passes.open(request.path_params["key"], TAKING) != signed.staff_id:
            raise NotThere("no such pass")
        response = Response(written([HEAD, *await self.rows(signed)]).encode(), media_type="text/csv; charset=utf-8")
        response.headers["content-disposition"] = 'attachment; filename="htcds.csv"'
        response.headers["content-security-policy"] = FILE_POLICY
        response.headers["cache-control"] = "no-store"
        return response

    async def rows(self, signed: Signed) -> Sequence[Row]:
        """The rows of the file; none before the first quarter is closed. Raises VaultError where her keys open less."""
        newest = await self._services.figures.newest()
        if newest is None:
            return []
        regions = regions_counted((await self._services.opening.facts()).region)
        people: dict[bytes, list[SharedSaid]] = {}
        async for case, said in self._opened(signed, case_people):
            people.setdefault(case, []).append(said)
        facts = []
        async for case, said in self._opened(signed, cases, until=newest.ends.isoformat()):
            facts += facts_of(said, people.get(case, ()), regions)
        return await asyncio.to_thread(shared, facts, self._services.settings.partner_group)

    async def _opened(
        self, signed: Signed, table: Table, *, until: str = "9999"
    ) -> AsyncIterator[tuple[bytes, SharedSaid]]:
        """What may be shared of each row, with the case it belongs to. A row nobody here wrote is passed over, as is a
        case that was merged into another.
        """
        rows_of, is_case = self._services.cases.rows, table is cases
        await rows_of.ready()
        wanted = select(table).where(table.c.day <= until, *([cases.c.status != "merged"] if is_case else []))
        async with self._services.database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        for at, row in enumerate(rows):
            if at % ROWS_AT_ONCE == 0:
                await asyncio.sleep(0)
            raw = rows_of.raw(signed, row, table)
            if raw is not None:
                yield (row.id if is_case else row.case_id), read_shared(raw)

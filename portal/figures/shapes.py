"""Keeps the shapes of reports that somebody gave a name: which days, which parts, and no figure in them."""

import logging
from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec
from sqlalchemy import delete, func, insert, select

from portal.figures.funder import SECTIONS
from portal.figures.tables import figure_shapes
from portal.ids import random_id
from portal.staff.accounts import Accounts
from portal.store.database import Database
from portal.vault.marks import is_marked, mark

MOST: Final = 40
NAME_LIMIT: Final = 60
_PURPOSE: Final = "figures shape"

_log = logging.getLogger("porchlight.figures")


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """`begins`, `ends`: both days counted. `sections`: of `portal.figures.funder.SECTIONS`."""

    begins: date
    ends: date
    sections: tuple[str, ...] = SECTIONS


class Shapes:
    """Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, database: Database, accounts: Accounts) -> None:
        self._database = database
        self._accounts = accounts

    async def all(self) -> Sequence[tuple[bytes, str, Shape]]:
        """Every shape by its name. A row nobody here wrote is left out."""
        await self._accounts.ready()
        async with self._database.read() as connection:
            rows = (await connection.execute(select(figure_shapes).order_by(figure_shapes.c.name).limit(MOST))).all()
        ours = [row for row in rows if self._is_ours(row.pepper, row.mark, row.id, row.name, row.spec)]
        if len(ours) < len(rows):
            _log.error("figures_shape_refused")
        return [(row.id, row.name, msgspec.json.decode(row.spec, type=Shape)) for row in ours]

    async def keep(self, name: str, shape: Shape) -> bool:
        """Keep one under this name; False where there are as many as there may be."""
        await self._accounts.ready()
        number, row, spec = self._accounts.newest_pepper(), random_id(), msgspec.json.encode(shape).decode()
        marked = mark(self._accounts.pepper(number), _PURPOSE, row, name, spec)
        values = {"id": row, "name": name, "spec": spec, "pepper": number, "mark": marked}
        async with self._database.write() as connection:
            if (await connection.scalar(select(func.count()).select_from(figure_shapes)) or 0) >= MOST:
                return False
            await connection.execute(insert(figure_shapes).values(**values))
        return True

    async def drop(self, row: bytes) -> None:
        """Forget one."""
        async with self._database.write() as connection:
            await connection.execute(delete(figure_shapes).where(figure_shapes.c.id == row))

    def _is_ours(self, pepper: int, found: bytes, row: bytes, name: str, spec: str) -> bool:
        return is_marked((self._accounts.pepper(pepper),), found, _PURPOSE, row, name, spec)

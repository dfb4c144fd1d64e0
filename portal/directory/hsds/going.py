"""Hands the directory on, in JSON or as a package of tables: what nobody here changed goes out as it came in."""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import select

from portal.clock import Clock
from portal.directory.book import Directory, Listed
from portal.directory.hsds.coming import JSON, NOBODYS
from portal.directory.hsds.mapping import Came, Refused, is_ours, read_service, write_service
from portal.directory.hsds.package import LISTS, Object, package_of, tables
from portal.directory.tables import came
from portal.staff.trail import audit
from portal.store.database import Database
from portal.web.csv_cells import safe

_PLACES: Final = frozenset(("addresses", "locations", "service_at_location"))
_SCALARS: Final = frozenset((*LISTS, "organization", "service_at_locations", "attributes"))


@dataclass(frozen=True, slots=True)
class _Kept:
    """How a service came: as JSON, or by table."""

    told: Object | None = None
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))


class Going:
    """Reads everything and writes it as others read it. `with_addresses`: those kept to staff go along too."""

    def __init__(self, database: Database, book: Directory, clock: Clock, country: str) -> None:
        self._database = database
        self._book = book
        self._clock = clock
        self._country = country

    async def as_json(self, by: bytes, *, with_addresses: bool) -> bytes:
        """A page of services, whole. The act is written down before anything leaves."""
        told = [self._json(at, kept, with_addresses=with_addresses) async for at, kept in self._all()]
        await self._line(by, len(told))
        page = {"total_items": len(told), "total_pages": 1, "page_number": 1, "size": len(told)}
        ends = {"first_page": True, "last_page": True, "empty": not told}
        return msgspec.json.format(msgspec.json.encode({**page, **ends, "contents": told}), indent=1)

    async def as_tables(self, by: bytes, *, with_addresses: bool) -> bytes:
        """A zip with a table of each kind that has rows; no cell of it is reckoned with by a table program."""
        rows: dict[str, list[dict[str, str]]] = defaultdict(list)
        count = 0
        async for at, kept in self._all():
            count += 1
            for name, some in self._tables(at, kept, with_addresses=with_addresses).items():
                rows[name] += some
        for name, row in await self._rest():
            if with_addresses or name not in _PLACES:
                rows[name].append(row)
        await self._line(by, count)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in tables():
                if rows[name] or name in ("services", "organizations"):
                    archive.writestr(zipfile.ZipInfo(f"{name}.csv", (2000, 1, 1, 0, 0, 0)), _csv(name, rows[name]))
        return packed.getvalue()

    def _json(self, at: Listed, kept: _Kept, *, with_addresses: bool) -> Object:
        told = kept.told if kept.told is not None else package_of(kept.rows) if kept.rows else None
        return self._merged(at, told, with_addresses=with_addresses)

    def _merged(self, at: Listed, told: Object | None, *, with_addresses: bool) -> Object:
        """As it came, with what was changed here since written over it; places left out where they are kept."""
        ours, changed = self._changed(at, told, with_addresses=with_addresses)
        if told is None:
            return ours
        merged = {name: value for name, value in told.items() if name not in changed}
        merged |= {name: value for name, value in ours.items() if name in changed}
        if "attributes" in changed:
            foreign = [each for each in told.get("attributes") or () if not is_ours(each)]
            merged["attributes"] = [*foreign, *ours.get("attributes", ())]
        return merged if with_addresses or at.service.shows_address else _without_places(merged)

    def _changed(self, at: Listed, told: Object | None, *, with_addresses: bool) -> tuple[Object, set[str]]:
        """What we would say of it, and the parts in which that is not what we would have said when it came."""
        now = Came(at.id, at.service, at.organisation_id, at.organisation, at.reviewed)
        ours = write_service(now, with_address=with_addresses)
        before = None if told is None else self._read(told)
        was = {} if before is None else write_service(before, with_address=with_addresses)
        return ours, {name for name in {*was, *ours} if was.get(name) != ours.get(name)}

    def _tables(self, at: Listed, kept: _Kept, *, with_addresses: bool) -> dict[str, list[dict[str, str]]]:
        if kept.rows:
            _, changed = self._changed(at, package_of(kept.rows), with_addresses=with_addresses)
            if not changed:
                return {name: rows for name, rows in kept.rows.items() if with_addresses or name not in _PLACES}
        return _flat(self._json(at, kept, with_addresses=with_addresses))

    def _read(self, told: Object) -> Came | None:
        try:
            return read_service(told, self._country, self._today())
        except Refused:
            return None

    async def _all(self) -> AsyncIterator[tuple[Listed, _Kept]]:
        async for some in self._book.every():
            kept: dict[bytes, _Kept] = defaultdict(_Kept)
            asked = select(came).where(came.c.service.in_([at.id for at in some])).order_by(came.c.place, came.c.id)
            async with self._database.read() as connection:
                for row in await connection.execute(asked):
                    body = msgspec.json.decode(row.body)
                    if row.name == JSON:
                        kept[row.service] = _Kept(body)
                    else:
                        kept[row.service].rows[row.name].append(body)
            for at in some:
                yield at, kept[at.id]

    async def _rest(self) -> list[tuple[str, dict[str, str]]]:
        asked = select(came).where(came.c.service == NOBODYS).order_by(came.c.name, came.c.place)
        async with self._database.read() as connection:
            return [(row.name, msgspec.json.decode(row.body)) for row in await connection.execute(asked)]

    async def _line(self, by: bytes, count: int) -> None:
        async with self._database.write() as connection:
            act = f"directory.handed_on:{count}"
            await audit.line(connection, at=self._clock.now(), act=act, staff_id=by)

    def _today(self) -> date:
        return self._clock.now().date()


def _without_places(told: Object) -> Object:
    owner = told.get("organization")
    kept = {name: value for name, value in told.items() if name != "service_at_locations"}
    if isinstance(owner, dict):
        kept["organization"] = {name: value for name, value in owner.items() if name != "locations"}
    return kept


def _flat(told: Object) -> dict[str, list[dict[str, str]]]:
    """The rows of one service that came as JSON, or was made here."""
    key, owner = str(told["id"]), told.get("organization") or {}
    service = {name: _cell(value) for name, value in told.items() if name not in _SCALARS}
    rows: dict[str, list[dict[str, str]]] = {
        "services": [{**service, "organization_id": _cell(owner.get("id"))}],
        "organizations": [{name: _cell(value) for name, value in owner.items()}],
    }
    for name, table in LISTS.items():
        link = {"link_id": key, "link_entity": "service"} if name == "attributes" else {"service_id": key}
        many = told.get(name) or []
        rows[table] = [{n: _cell(v) for n, v in each.items()} | link for each in many if isinstance(each, dict)]
    terms = [each.get("taxonomy_term") or {} for each in told.get("attributes") or ()]
    for row, term in zip(rows["attributes"], terms, strict=True):
        row["taxonomy_term_id"] = row.get("taxonomy_term_id") or _cell(term.get("id"))
    rows["taxonomy_terms"] = [{n: _cell(v) for n, v in term.items()} for term in terms if term]
    for at in told.get("service_at_locations") or ():
        where = at.get("location") or {}
        link = {"location_id": _cell(where.get("id"))}
        rows.setdefault("service_at_location", []).append({"id": _cell(at.get("id")), "service_id": key, **link})
        rows.setdefault("locations", []).append({name: _cell(value) for name, value in where.items()})
        for each in where.get("addresses") or ():
            rows.setdefault("addresses", []).append({n: _cell(v) for n, v in each.items()} | link)
    return rows


def _cell(value: Any) -> str:  # Any: a value of JSON
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _csv(name: str, rows: Iterable[dict[str, str]]) -> str:
    columns = tables()[name]
    out = io.StringIO(newline="")
    written = csv.DictWriter(out, columns, extrasaction="ignore", restval="", lineterminator="\r\n")
    written.writeheader()
    once: dict[str, dict[str, str]] = {}
    for at, row in enumerate(rows):
        once.setdefault(row.get("id") or f"#{at}", row)  # an organisation stands beside each of its services
    written.writerows({column: safe(row.get(column) or "") for column in columns} for row in once.values())
    return out.getvalue()

"""Reads what another directory handed over, JSON or tables, into services with the lines they came from."""

import csv
import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from portal.web.csv_cells import GUARD, is_formula

FILE: Final = Path(__file__).parents[2] / "data" / "hsds.json"
MOST_BYTES: Final = 512 * 1024 * 1024
# Of a service in JSON: its lists, and the table whose rows they are in a package.
LISTS: Final = {
    "phones": "phones",
    "schedules": "schedules",
    "service_areas": "service_areas",
    "languages": "languages",
    "cost_options": "cost_options",
    "attributes": "attributes",
}

Form = Literal["json", "csv"]
Object = dict[str, Any]  # Any: what another directory wrote; typed by `mapping` before it goes further


class NotHsds(ValueError):
    """The file is none of this standard. The text is a sentence for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Item:
    """One service as it came: the line of its table, or its place in the file; `rows`: by table, in a package."""

    line: int
    service: Object
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Package:
    """Everything that came. `rest`: rows of a package that belong to no one service, by table. `strange`: the places in
    the file of what is no service at all.
    """

    form: Form
    items: list[Item]
    rest: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    strange: tuple[int, ...] = ()


class _Shape(msgspec.Struct, frozen=True):
    source: str
    checked: str
    tables: dict[str, tuple[str, ...]]


@cache
def tables() -> dict[str, tuple[str, ...]]:
    """The standard's tables with their columns, in its order."""
    return msgspec.json.decode(FILE.read_bytes(), type=_Shape).tables


def read_package(path: Path) -> Package:
    """A JSON file, a folder of tables, or a zip of them. Raises NotHsds, OSError."""
    if path.is_dir():
        files = {each.stem: each.read_bytes() for each in sorted(path.glob("*.csv"))}
        return _tables({name: raw for name, raw in files.items() if name in tables()})
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        raise NotHsds("The file is larger than a directory is.")
    return _tables(_unzipped(raw)) if raw.startswith(b"PK") else _json(raw)


def _unzipped(raw: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            named = {Path(each.filename).stem: each for each in packed.infolist() if each.filename.endswith(".csv")}
            if sum(each.file_size for each in named.values()) > MOST_BYTES:
                raise NotHsds("Unpacked, the file is larger than a directory is.")
            return {name: packed.read(each) for name, each in named.items() if name in tables()}
    except zipfile.BadZipFile:
        raise NotHsds("The file is a broken zip.") from None


def _json(raw: bytes) -> Package:
    try:
        told = msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise NotHsds(f"The file is no JSON ({error}).") from None
    if isinstance(told, dict) and isinstance(told.get("contents"), list):
        told = told["contents"]
    listed = told if isinstance(told, list) else [told]
    found = [(line, each) for line, each in enumerate((one for each in listed for one in _services_in(each)), 1)]
    items = [Item(line, each) for line, each in found if each is not None]
    if found and not items:
        raise NotHsds("The file holds no service.")
    return Package("json", items, strange=tuple(line for line, each in found if each is None))


def _services_in(told: object) -> list[Object | None]:
    """A service, or an organisation with its services: each of those is read with the organisation in it.

    None: something that is no service.
    """
    if not isinstance(told, dict):
        return [None]
    if not isinstance(told.get("services"), list) or "organization" in told:
        return [told]
    whose = {name: value for name, value in told.items() if name != "services"}
    return [{**each, "organization": whose} if isinstance(each, dict) else None for each in told["services"]]


def _tables(files: dict[str, bytes]) -> Package:
    if "services" not in files or "organizations" not in files:
        raise NotHsds("A package of this standard has the tables services.csv and organizations.csv.")
    rows = {name: _rows(name, raw) for name, raw in files.items()}
    organisations = {row["id"]: row for row in rows["organizations"] if row.get("id")}
    terms = {row["id"]: row for row in rows.get("taxonomy_terms", ()) if row.get("id")}
    where = _by(rows.get("service_at_location", []), "service_id")
    addresses = _by(rows.get("addresses", []), "location_id")
    owned = {name: _by(rows.get(table, []), _owner(name)) for name, table in LISTS.items()}
    items: list[Item] = []
    taken: set[int] = set()
    for line, row in enumerate(rows["services"], 2):
        key = row.get("id", "")
        own = {"services": [row], **{table: owned[name].get(key, []) for name, table in LISTS.items()}}
        own["service_at_location"] = where.get(key, [])
        places = {each.get("location_id", "") for each in own["service_at_location"]}
        own["addresses"] = [each for place in sorted(places) for each in addresses.get(place, ())]
        used = {each.get("taxonomy_term_id", "") for each in own["attributes"]}
        own["taxonomy_terms"] = [terms[each] for each in sorted(used) if each in terms]
        own["organizations"] = [owner] if (owner := organisations.get(row.get("organization_id", ""))) else []
        taken.update(id(each) for many in own.values() for each in many)
        items.append(Item(line, package_of(own), own))
    rest = {name: [row for row in many if id(row) not in taken] for name, many in rows.items() if name != "services"}
    return Package("csv", items, rest)


def _owner(name: str) -> str:
    return "link_id" if name == "attributes" else "service_id"


def _by(rows: list[dict[str, str]], column: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        found[row.get(column, "")].append(row)
    return found


def package_of(own: dict[str, list[dict[str, str]]]) -> Object:
    """The rows of one service as the one object that JSON has for it."""
    (row,) = own["services"]
    terms = {each.get("id", ""): each for each in own.get("taxonomy_terms", ())}
    lists = {name: own.get(table, []) for name, table in LISTS.items()}
    told: Object = {**row, **lists}
    told["attributes"] = [
        {**each, "taxonomy_term": terms.get(each.get("taxonomy_term_id", ""), {})} for each in lists["attributes"]
    ]
    at = _by(list(own.get("addresses", ())), "location_id")
    told["service_at_locations"] = [
        {**each, "location": {"id": each.get("location_id", ""), "addresses": at.get(each.get("location_id", ""), [])}}
        for each in own.get("service_at_location", ())
    ]
    if own.get("organizations"):
        told["organization"] = own["organizations"][0]
    return told


def _rows(name: str, raw: bytes) -> list[dict[str, str]]:
    try:
        read = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        return [{column: _plain(cell or "") for column, cell in row.items() if column} for row in read]
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotHsds(f"The table {name}.csv cannot be read ({error}).") from None


def _plain(cell: str) -> str:
    """A cell without the sign that our own export puts before what a table program would reckon with."""
    return cell[1:] if cell.startswith(GUARD) and is_formula(cell[1:].split("\n")[0]) else cell

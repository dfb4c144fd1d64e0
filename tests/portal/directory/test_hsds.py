"""The standard's own example comes in and goes out unchanged, and our own entries come back as they were."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from portal.directory.book import Directory
from portal.directory.finding import Wanted
from portal.directory.hsds.coming import Coming, look_through
from portal.directory.hsds.command import said, summed_up
from portal.directory.hsds.going import Going
from portal.directory.hsds.package import NotHsds, read_package, tables
from portal.directory.tables import came, services
from portal.staff.tables import audit
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.directory.conftest import LAWYER, SHELTER, fill

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

EXAMPLE = Path(__file__).parent / "hsds_example"
JSON, CSV = EXAMPLE / "service_full.json", EXAMPLE / "csv"


def rooms(house: ChatHouse) -> tuple[Directory, Coming, Going]:
    book, database = house.services.directory, house.services.database
    return book, Coming(database, book, house.clock), Going(database, book, house.clock, "GB")


async def take_in(house: ChatHouse, path: Path) -> list[tuple[int, int]]:
    _, coming, _ = rooms(house)
    bar: list[tuple[int, int]] = []
    looked = look_through(read_package(path), "GB", house.clock.now().date())
    await coming.take_in(looked, house.advocate.staff_id, lambda done, of: bar.append((done, of)))
    return bar


def table(raw: bytes) -> dict[str, str]:
    return {row["id"]: json.dumps(row) for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))}


def unzipped(raw: bytes) -> dict[str, dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return {Path(name).stem: table(packed.read(name)) for name in packed.namelist()}


async def test_the_standards_own_service_comes_in_and_goes_out_with_every_field(house: ChatHouse) -> None:
    book, _, going = rooms(house)
    assert await take_in(house, JSON) == [(1, 1)]
    (found,) = (await book.find(Wanted(typed="counselling"))).rows
    assert found.service.phones[0].number == "+441234234567"
    assert (found.service.youngest, found.reviewed, found.service.is_public) == (12, "2005-01-01", False)
    told = json.loads(await going.as_json(house.advocate.staff_id, with_addresses=True))
    assert told["contents"] == [json.loads(JSON.read_text("utf-8"))]
    kept = (await going.as_json(house.advocate.staff_id, with_addresses=False)).decode()
    assert "1-30 Main Street" not in kept
    assert "Community Counselling" in kept


async def test_the_standards_own_tables_come_in_and_go_out_with_every_cell(house: ChatHouse) -> None:
    _, _, going = rooms(house)
    await take_in(house, CSV)
    out = unzipped(await going.as_tables(house.advocate.staff_id, with_addresses=True))
    theirs = {path.stem: table(path.read_bytes()) for path in sorted(CSV.glob("*.csv"))}
    assert len(theirs) == len(tables()) == 21
    assert out == theirs
    without = unzipped(await going.as_tables(house.advocate.staff_id, with_addresses=False))
    assert set(theirs) - set(without) == {"addresses", "locations", "service_at_location"}


async def test_taken_in_twice_it_stands_there_once(house: ChatHouse) -> None:
    for _ in range(2):
        await take_in(house, CSV)
    async with house.services.database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(services))).scalar_one() == 1
        assert (await connection.execute(select(func.count()).select_from(came))).scalar_one() == 21
        acts = [act for (act,) in await connection.execute(select(audit.c.act)) if act.startswith("directory.")]
    assert acts == ["directory.taken_in:1"] * 2


async def test_what_was_changed_here_goes_out_changed_and_the_rest_as_it_came(house: ChatHouse) -> None:
    book, _, going = rooms(house)
    await take_in(house, JSON)
    (found,) = (await book.find(Wanted())).rows
    await book.change_service(
        house.advocate, found.id, msgspec.structs.replace(found.service, name="=New", needs=("bed",))
    )
    before = json.loads(JSON.read_text("utf-8"))
    (told,) = json.loads(await going.as_json(house.advocate.staff_id, with_addresses=True))["contents"]
    assert {name for name in before if told[name] != before[name]} == {"name", "assured_date", "attributes"}
    assert before["attributes"][0] in told["attributes"]
    out = unzipped(await going.as_tables(house.advocate.staff_id, with_addresses=True))
    assert "'=New" in next(iter(out["services"].values()))


@pytest.mark.parametrize("form", ["json", "csv"])
async def test_our_own_directory_comes_back_as_it_was(house: ChatHouse, tmp_path: Path, form: str) -> None:
    book, _, going = rooms(house)
    rows = await fill(book, house.advocate)
    as_form = going.as_json if form == "json" else going.as_tables
    path = tmp_path / "ours"
    path.write_bytes(await as_form(house.advocate.staff_id, with_addresses=True))
    await book.change_service(house.advocate, rows[SHELTER.name], LAWYER)
    await take_in(house, path)
    back: dict[str, Any] = {
        each.service.name: each.service for each in (await book.find(Wanted(with_closed=True))).rows
    }
    assert back[LAWYER.name] == LAWYER
    shelter = back[SHELTER.name]
    assert (shelter.phones, shelter.needs, shelter.about) == (SHELTER.phones, SHELTER.needs, SHELTER.about)
    assert (shelter.address, shelter.shows_address, shelter.is_public) == (SHELTER.address, False, True)
    assert (shelter.regions, shelter.languages, shelter.safe_ways) == (
        SHELTER.regions,
        SHELTER.languages,
        SHELTER.safe_ways,
    )
    assert set(rows) - {"Haven House", "Ontario Provincial Police"} == set(back)


async def test_what_cannot_be_taken_in_is_said_by_line_and_reason(house: ChatHouse, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "organizations.csv").write_text("id,name\no1,Haven\n", "utf-8")
    (folder / "services.csv").write_text(
        "id,organization_id,name,status\ns1,o1,Shelter,active\n,o1,Nameless,active\ns2,o9,Lost,active\ns3,o1,,active\n"
        "s1,o1,Again,active\n",
        "utf-8",
    )
    (folder / "phones.csv").write_text("id,service_id,number\np1,s1,call us\np2,s1,+1 807 555 0142\n", "utf-8")
    looked = look_through(read_package(folder), "CA", house.clock.now().date())
    assert said(looked.refused) == [
        "line 2: without this: a telephone number cannot be read",
        "line 3: refused: it has no id",
        "line 4: refused: its organization is not in the file, or has no id or name",
        "line 5: refused: it has no name",
        "line 6: refused: its id stands there already",
    ]
    assert summed_up(looked, dry=True) == "1 services would be taken in, 4 refused."
    for broken in (b"[1]", b"{", b"PK broken", b"\xff"):
        (tmp_path / "broken").write_bytes(broken)
        with pytest.raises(NotHsds):
            read_package(tmp_path / "broken")


def test_one_strange_line_of_a_file_keeps_no_other_from_being_taken_in(tmp_path: Path) -> None:
    whose = {"id": "o1", "name": "Haven"}
    one, two = {"id": "s1", "name": "Shelter", "organization": whose}, {"id": "s2", "name": "Food"}
    (tmp_path / "d.json").write_text(json.dumps(["text", one, {**whose, "services": [two, {}, 7]}, None]), "utf-8")
    looked = look_through(read_package(tmp_path / "d.json"), "CA", date(2026, 11, 23))
    assert [each.service.name for each, _ in looked.taken] == ["Shelter", "Food"]
    strange = "refused: it is no service"
    assert said(looked.refused) == [
        *(f"line 1: {strange}", "line 4: refused: it has no id", f"line 5: {strange}", f"line 6: {strange}")
    ]

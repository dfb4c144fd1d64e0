"""Gives the directory's tests a house with one advocate, and a small directory in many languages."""

from __future__ import annotations

from portal.directory.book import Directory
from portal.directory.entry import Organisation, Phone, Service
from portal.staff.sessions.session import Signed

HAVEN = Organisation(name="Haven House", kind="ngo", sub="direct")
POLICE = Organisation(name="Ontario Provincial Police", kind="police", sub="provincial", also="OPP")

SHELTER = Service(
    name="Women's shelter",
    about={"en": "A safe bed, day and night.", "fr": "Un lit sûr, jour et nuit.", "zh-Hant": "多倫多婦女庇護所"},
    needs=("bed", "food"),
    areas=("violence", "trafficking"),
    phases=("emergency",),
    regions=("ca-on",),
    places=("Thunder Bay",),
    languages=("en", "fr", "cmn"),
    populations=("women",),
    phones=(Phone("+18075550142"), Phone("+18075550143", kind="text")),
    is_always=True,
    address="12 Hidden Lane",
    safe_ways="Ask for Robin; never leave a message",
    is_public=True,
)
LAWYER = Service(
    name="Clinique juridique Montréal",
    original="fr",
    about={"fr": "Avocats pour les personnes sans papiers.", "th": "บ้านพักฉุกเฉินสำหรับผู้หญิง", "ar": "ملجأ للنساء"},
    needs=("lawyer", "papers"),
    regions=("ca-qc",),
    places=("Montréal", "Laval"),
    languages=("fr", "es"),
    interprets=True,
    cost="free",
)
NATIONAL = Service(
    name="Canada-wide help line", needs=("counsel",), regions=("ca",), languages=("en",), is_partner=True
)
GONE = Service(name="Old shelter", needs=("bed",), regions=("ca-on",), is_closed=True, is_public=True)


async def fill(book: Directory, signed: Signed) -> dict[str, bytes]:
    """Writes the small directory down; the ids by name."""
    haven, police = await book.add_organisation(signed, HAVEN), await book.add_organisation(signed, POLICE)
    rows = {HAVEN.name: haven, POLICE.name: police}
    for service in (SHELTER, LAWYER, NATIONAL, GONE):
        row = await book.add_service(signed, haven, service)
        assert row is not None
        rows[service.name] = row
    row = await book.add_service(
        signed, police, Service(name="Trafficking unit", needs=("police",), regions=("ca-on",))
    )
    assert row is not None
    rows["Trafficking unit"] = row
    return rows

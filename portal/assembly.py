"""Makes one process's services from its settings; nothing is opened until the first question."""

import os
from functools import partial
from pathlib import Path
from typing import Any

from i18n.catalogue import Catalogue
from i18n.engines import make_translator
from i18n.guess import Guesses
from i18n.languages import LANGUAGES
from i18n.translator import Translator
from portal.alerts.desk import Alerts
from portal.alerts.roster import RosterStore
from portal.clock import Clock, SystemClock
from portal.consent.along import Along
from portal.consent.book import Consents
from portal.consent.gate import Gate
from portal.consent.held import HeldThings
from portal.directory.book import Directory
from portal.directory.referrals import Referrals
from portal.doors_book import DoorsBook
from portal.duty.book import Duty
from portal.duty.protocols import Protocols
from portal.figures.book import Figures
from portal.first_shift.book import FirstShifts
from portal.ids import KEY_SIZE, from_text, random_key, to_text
from portal.interpreters.book import Interpreters
from portal.library.book import Library
from portal.opening import Opening
from portal.operation.tally import Tally
from portal.paper import tables as _paper_tables  # noqa: F401 (a backup refuses a table that nobody named)
from portal.privacy.book import RequestBook
from portal.quality.afterwards import Afterwards
from portal.quality.book import QualityBook
from portal.quality.sheet import Kind
from portal.records.case_proving import CaseProving
from portal.records.case_staying import CaseStaying
from portal.records.case_terms import Terms
from portal.records.cases import Cases
from portal.records.contacts import Contacts
from portal.records.entries import Entries
from portal.services import Services
from portal.settings import Settings
from portal.staff.desk import StaffRoom
from portal.store.apart import connect_embers
from portal.store.database import Database
from portal.store.embers import Embers
from portal.store.passes import Passes
from portal.store.sharded import channels_of
from portal.store.valkey import connect
from portal.vault.comebacks import comeback_key
from portal.vault.passwords import Pools
from portal.web.assets import Assets
from portal.web.csrf import StartTokens
from portal.web.page import Pages


def make_services(
    settings: Settings, *, durable_url: str, ember_url: str, clock: Clock | None = None, pages: Pages | None = None
) -> Services:
    """Every service, wired. May be called before a fork: no connection, loop or thread is made here.

    ``pages`` are given by whoever draws them otherwise than a server does. ``availability`` belongs to the chat; the
    front door puts it in afterwards.
    """
    clock = clock or SystemClock()
    database = Database(settings.database_place)
    durable, ember_client = connect(durable_url), connect_embers(ember_url)
    embers = Embers(ember_client)
    staff = StaffRoom(settings, clock, database, durable, embers)
    desk_settings = staff.desk_settings
    key = start_key(settings.keys_dir)
    pages = pages or Pages(settings, words_of(settings), Assets.load())
    pages.desk_settings = desk_settings
    opening = Opening(database, staff.folder, settings.phone_line)
    roster = RosterStore(database, staff.accounts, clock)
    alerts = Alerts(settings, clock, durable, roster, opening, pages, desk_settings)
    cases, figures = Cases(database, staff, clock, alerts), Figures(database, staff, clock)
    now = partial(desk_settings.over, settings)
    consents = Consents(database, staff, clock, days=lambda: now().record_days)
    duty = Duty(database, staff, clock, days=lambda: now().record_days)
    held, proving = HeldThings(staff), CaseProving(cases, embers, settings.database_place, settings.key_backup_days)
    referrals = Referrals(database, staff, clock, days=lambda: now().referral_days)
    along = Along(database, (consents, duty, referrals), held, proving)
    return Services(
        settings=settings,
        desk_settings=desk_settings,
        clock=clock,
        database=database,
        durable=durable,
        ember_client=ember_client,
        embers=embers,
        passes=Passes(ember_client),
        channels=channels_of(durable_url),
        pages=pages,
        start_tokens=StartTokens(key, embers, clock),
        comeback_key=comeback_key(key),
        pools=Pools(),
        staff=staff,
        opening=opening,
        alerts=alerts,
        entries=Entries(database, staff, clock),
        cases=cases,
        case_staying=CaseStaying(cases, proving, lambda: Terms.of(now()), along),
        contacts=Contacts(
            database, staff, clock, alerts, along, days=lambda: now().record_days, late=figures.note_late
        ),
        requests=RequestBook(database, staff, clock, days=lambda: now().request_kept_days),
        quality=QualityBook(database, staff, clock, days=lambda kind: sheet_days(now(), kind)),
        afterwards=Afterwards(embers, database, clock),
        figures=figures,
        consents=consents,
        along=along,
        held=held,
        duty=duty,
        protocols=Protocols(database, staff, clock),
        gate=Gate(database, clock, staff.journal, consents, duty),
        interpreters=Interpreters(database, staff, clock),
        library=Library(database, staff, clock),
        first_shifts=FirstShifts(database),
        directory=Directory(database, staff.accounts, clock, days=settings.directory_days),
        referrals=referrals,
        doors=DoorsBook(database, staff.folder),
        translator=translator_of(settings),
        guesses=Guesses(is_on=settings.language_guess == "on"),
        availability=_nobody_said,
        tally=Tally(clock.now),
    )


def sheet_days(settings: Settings, kind: Kind) -> int:
    """Quarters are compared by sheets; what somebody shared about herself is for a talk in the coming weeks."""
    return settings.shared_check_days if kind == "check" else settings.sheet_days


def words_of(settings: Settings) -> Catalogue:
    """Every phrase, with the house's original beside what nobody has signed.

    Not strict: somebody in need is better helped by an English line than by an error page.
    """
    return Catalogue.load(strict=False, original=LANGUAGES[settings.original])


def translator_of(settings: Settings) -> Translator:
    """The engine that the settings name, or none."""
    return make_translator(
        url=settings.translation_url,
        hosts=settings.translation_hosts,
        ca=settings.translation_ca,
        key=settings.translation_key.reveal() if settings.translation_key else None,
        cloud=settings.translation_cloud,
    )


def start_key(keys_dir: Path) -> bytes:
    """The key of start tokens and come-back numbers, one for every process and machine of a house; made at the first
    start.
    """
    path = keys_dir / "start.key"
    keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        return from_text(path.read_text("ascii").strip(), KEY_SIZE)
    key = random_key()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(to_text(key) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


async def _nobody_said(_language: str) -> Any:
    raise RuntimeError("the front door has not said who answers the chat")

"""The staff room's site map and its Section: everything is on the desk's own origin, nothing on the public one."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from portal.alerts.pages import CallPages
from portal.consent.pages import ConsentPages
from portal.directory.editing_pages import EditingPages
from portal.directory.pages import DirectoryPages
from portal.directory.referral_pages import ReferralPages
from portal.duty.pages import DutyPages
from portal.duty.protocol_pages import ProtocolPages
from portal.duty.telling_pages import TellingPages
from portal.figures.closing import Closing
from portal.figures.desk_pages import FigurePages
from portal.figures.partner_pages import PartnerPages
from portal.first_shift.pages import FirstShiftPages
from portal.interpreters.pages import InterpreterPages
from portal.library.desk_pages import LibraryDesk
from portal.operation.pages import OperationPages
from portal.operation.watch import Watch
from portal.paper.pages import PaperPages
from portal.privacy.letters import Letters
from portal.privacy.pages import RequestPages
from portal.privacy.words_pages import PrivacyWordsPages
from portal.quality.pages import QualityPages
from portal.records.case_place import case_pages
from portal.records.contact_pages import ContactPages
from portal.records.forgetting import Forgetting
from portal.records.pages import EntryPages
from portal.records.supervisor_pages import SupervisorPages
from portal.rotation.keeper import Keeper
from portal.rotation.overdue import Overdue
from portal.rotation.pages import KeyPages
from portal.rotation.source import Source
from portal.section import Section
from portal.staff.acts import Acts
from portal.staff.pages.again import AgainPages
from portal.staff.pages.anew import AnewPages
from portal.staff.pages.audit import AuditPages
from portal.staff.pages.door import DoorPages
from portal.staff.pages.home import HomePages
from portal.staff.pages.hours import HoursPages
from portal.staff.pages.languages import LanguagePages
from portal.staff.pages.lock import LockPages
from portal.staff.pages.opening import OpeningPages
from portal.staff.pages.passphrase import PassphrasePages
from portal.staff.pages.proof_rule import ProofRulePages
from portal.staff.pages.resets import ResetPages
from portal.staff.pages.second import SecondPages
from portal.staff.pages.sessions import OwnSessionPages
from portal.staff.pages.settings import SettingsPages
from portal.staff.pages.setup import SetUpPages
from portal.staff.pages.shortcuts import ShortcutPages
from portal.staff.pages.signin import SignInPages
from portal.staff.pages.signout import SignOutPages
from portal.staff.pages.staff import StaffPages
from portal.staff.pages.tongues import TonguePages
from portal.staff.pages.training import TrainingPages
from portal.staff.sessions.session import Signed

if TYPE_CHECKING:
    from portal.services import Services

SWEEP: Final = timedelta(minutes=10)


def own_sources(services: "Services") -> list[Source]:
    """What the rooms on this floor seal to a compartment; the room of tips says so for itself."""
    return [
        services.entries.source(),
        *services.contacts.sources(),
        *services.cases.rows.sources(),
        services.interpreters.source(),
        services.referrals.source(),
        *services.requests.sources(),
        *services.quality.sources(),
        *services.figures.sources(),
        services.consents.source(),
        *services.duty.sources(),
    ]


def section(services: "Services") -> Section:
    """The staff room's pages, the sweep of invitations that nobody used, and the calling of those on call."""
    acts = Acts(services)
    services.note_ready = acts.settings.note_ready

    forgetting = Forgetting([services.requests, services.quality, services.case_staying, services.along])

    async def sweep() -> None:
        while True:
            await asyncio.sleep(SWEEP.total_seconds())
            await acts.invitations.remove_ended()
            await acts.anew.remove_ended()
            if not services.lookout.clock.has_leapt:  # days that never passed delete nothing
                await forgetting.once()
            await services.afterwards.gather()

    letters = Letters(services)
    pages = (
        SetUpPages(acts),
        # Before those whose address ends in a pass: a word of ours is none.
        SecondPages(acts),
        OwnSessionPages(acts),
        PassphrasePages(acts),
        SignInPages(acts),
        SignOutPages(acts),
        LockPages(acts),
        ResetPages(acts),
        AgainPages(acts),
        HomePages(acts),
        AnewPages(acts),  # before the pages of a person, whose addresses begin alike
        TrainingPages(acts),
        LanguagePages(acts),
        StaffPages(acts),
        AuditPages(acts),
        OpeningPages(acts),
        PaperPages(acts),
        TonguePages(acts),
        CallPages(services),
        DoorPages(acts),
        HoursPages(acts),
        SettingsPages(acts),
        ProofRulePages(acts),
        EntryPages(services),
        ContactPages(services),
        SupervisorPages(services),
        FigurePages(services),
        PartnerPages(services, acts.proving),
        *case_pages(services, acts.proving),
        InterpreterPages(services),
        LibraryDesk(services),
        RequestPages(services, letters),
        PrivacyWordsPages(services, letters),
        QualityPages(services),
        ConsentPages(services),
        DutyPages(services),
        TellingPages(services),
        ProtocolPages(services),
        EditingPages(services),
        ReferralPages(services),
        DirectoryPages(services),
        ShortcutPages(),
        FirstShiftPages(services),
        KeyPages(services, acts.proving),
        OperationPages(services),
    )
    services.sources.update((source.name, source) for source in own_sources(services))
    keeper, closing = Keeper(services), Closing(services)

    def heed(signed: Signed) -> None:
        keeper.offer(signed)
        closing.offer(signed)

    services.staff.heed = heed

    async def keep_to_settings() -> None:
        await services.desk_settings.run(services.channels)

    async def hear_of_staff() -> None:
        await services.staff.news.run(services.channels)

    staff = services.staff
    return Section(
        desk=[route for each in pages for route in each.routes()],
        background=[
            sweep,
            services.alerts.run,
            keep_to_settings,
            keeper.run,
            closing.run,
            Overdue(services).run,
            Watch(services).run,
            staff.journal.run,
            staff.chain.run,
        ],
    )

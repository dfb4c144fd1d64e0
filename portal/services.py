"""What every room is handed: the open stores, the clock, the settings and the doors of the other rooms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from portal.directory.carriers import Carriers
from portal.first_shift.book import FirstShifts
from portal.handover import (
    Between,
    GoOff,
    LeaveNote,
    NoteReady,
    SendSample,
    TipForCase,
    is_heard,
    nobody_asks,
    nobody_is_held,
    nobody_is_held_off,
    nobody_is_sent,
    nobody_notes,
    nobody_takes_notes,
    nobody_tells,
)
from portal.leaving import Leaving

if TYPE_CHECKING:
    from i18n.guess import Guesses
    from i18n.translator import Translator
    from portal.alerts.desk import Alerts
    from portal.clock import Clock
    from portal.consent.along import Along
    from portal.consent.book import Consents
    from portal.consent.gate import Gate
    from portal.consent.held import HeldThings
    from portal.desk_settings import DeskSettings
    from portal.directory.book import Directory
    from portal.directory.referrals import Referrals
    from portal.doors_book import DoorsBook
    from portal.duty.book import Duty
    from portal.duty.protocols import Protocols
    from portal.figures.book import Figures
    from portal.interpreters.book import Interpreters
    from portal.leaving import Leaving
    from portal.library.book import Library
    from portal.opening import Opening
    from portal.operation.lookout import Lookout
    from portal.operation.tally import Tally
    from portal.privacy.book import RequestBook
    from portal.quality.afterwards import Afterwards
    from portal.quality.book import QualityBook
    from portal.records.case_staying import CaseStaying
    from portal.records.cases import Cases
    from portal.records.contacts import Contacts
    from portal.records.entries import Entries
    from portal.rotation.source import Source
    from portal.settings import Settings
    from portal.staff.desk import StaffRoom
    from portal.store.channels import Channels
    from portal.store.database import Database
    from portal.store.embers import Embers
    from portal.store.passes import Passes
    from portal.store.valkey import Valkey
    from portal.vault.passwords import Pools
    from portal.vault.rewraps import Turn
    from portal.web.csrf import StartTokens
    from portal.web.page import Pages


@dataclass
class Services:
    """One process's services, made by ``server.py`` after the fork and handed to every room.

    ``availability`` is filled last: it belongs to the chat, and the portal may not import the chat. ``leave_note``
    belongs to the tips, which the chat may not import; ``is_holding`` (whether she talks to anybody),
    ``is_on_duty`` (that, or would take somebody now), ``let_in`` (ends the holding off of a conversation) and
    ``go_off`` (what she is asked before she signs out) to the chat, and so does ``is_unheard`` (whether the house does
    not hear itself). ``note_ready`` is the staff room's: it writes down that something was shown to work.
    """

    settings: Settings
    desk_settings: DeskSettings
    clock: Clock
    database: Database
    durable: Valkey
    ember_client: Valkey
    embers: Embers
    passes: Passes
    channels: Channels
    pages: Pages
    start_tokens: StartTokens
    comeback_key: bytes = field(repr=False)
    pools: Pools
    staff: StaffRoom
    opening: Opening
    doors: DoorsBook
    alerts: Alerts
    entries: Entries
    contacts: Contacts
    requests: RequestBook
    quality: QualityBook
    afterwards: Afterwards
    cases: Cases
    consents: Consents
    along: Along
    held: HeldThings
    duty: Duty
    protocols: Protocols
    gate: Gate
    case_staying: CaseStaying
    figures: Figures
    interpreters: Interpreters
    library: Library
    first_shifts: FirstShifts
    directory: Directory
    referrals: Referrals
    translator: Translator
    guesses: Guesses
    availability: Callable[[str], Awaitable[Any]]
    tally: Tally  # what many did together, of all processes of this server
    is_on_duty: Callable[[bytes], Awaitable[bool]] = nobody_is_held
    is_holding: Callable[[bytes], Awaitable[bool]] = nobody_is_held
    let_in: Callable[[bytes], Awaitable[None]] = nobody_is_held_off
    go_off: GoOff = nobody_asks
    is_unheard: Callable[[], bool] = is_heard
    note_ready: NoteReady = nobody_notes
    send_sample: SendSample = nobody_is_sent
    leaving: Leaving = field(default_factory=Leaving)
    leave_note: LeaveNote = nobody_takes_notes
    tip_for_case: TipForCase = nobody_tells  # the tip room's
    sources: dict[str, Source] = field(default_factory=dict)  # each room says what it seals to a compartment
    # Compartment -> seals again what is sealed to it in no row; answers how much stays as it was.
    sealed_in_stores: dict[str, Callable[[Turn], Awaitable[int]]] = field(default_factory=dict)
    between: Between = field(default_factory=Between)
    carriers: Carriers = field(default_factory=Carriers)  # how a card of the directory goes to a person

    @cached_property
    def lookout(self) -> Lookout:
        """How the house itself is; the operator's."""
        from portal.operation.lookout import Lookout

        return Lookout(self)

    @property
    def now(self) -> Settings:
        """The settings as they count at this moment: what is set at the desk over what this server was given."""
        return self.desk_settings.over(self.settings)

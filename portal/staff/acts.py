"""Puts the staff room's acts together, once per process, for the pages that call them."""

from typing import TYPE_CHECKING

from portal.paper.holders import Holders
from portal.paper.overview import Overview
from portal.staff.anew import BeginningAnew
from portal.staff.changing import ChangingPassphrase
from portal.staff.household.doorkeeping import Doorkeeping
from portal.staff.household.house import House
from portal.staff.household.settings_keeping import SettingsKeeping
from portal.staff.household.speaking import Speaking
from portal.staff.invitations import Invitations
from portal.staff.keys.granting import Granting
from portal.staff.keys.setup import SetUp
from portal.staff.proofs.enrolling import Enrolling
from portal.staff.proofs.resets import Resets
from portal.staff.proofs.second import SecondProofs
from portal.staff.proving import Proving
from portal.staff.sessions.devices import Devices
from portal.staff.sessions.own_sessions import OwnSessions
from portal.staff.signin import SignIn
from portal.staff.trail.audit_reading import AuditReading
from portal.staff.training import Training
from portal.staff.unlock import Unlocking

if TYPE_CHECKING:
    from portal.services import Services


class Acts:
    """Everything that can be done in the staff room, each act in a room of its own."""

    def __init__(self, services: "Services") -> None:
        self.services = services
        staff = services.staff
        self.unlocking = Unlocking(staff.accounts, staff.ledger, services.pools, staff.journal.count)
        self.proving = Proving(self.unlocking, staff.journal)
        self.audit = AuditReading(services, self.proving)
        self.own_sessions = OwnSessions(services)
        self.seconds = SecondProofs(services)
        self.enrolling = Enrolling(services, self.proving, self.seconds)
        self.resets = Resets(services, self.proving, self.seconds)
        self.devices = Devices(services.staff.accounts)
        self.sign_in = SignIn(services, self.unlocking)
        self.set_up = SetUp(services)
        self.invitations = Invitations(services)
        self.training = Training(services)
        self.granting = Granting(services, self.unlocking, self.sign_in)
        self.changing = ChangingPassphrase(services, self.proving)
        self.anew = BeginningAnew(services, self.proving)
        self.house = House(services)
        self.holders = Holders(services)
        self.overview = Overview(services)
        self.doorkeeping = Doorkeeping(services)
        self.settings = SettingsKeeping(services)
        self.speaking = Speaking(services)

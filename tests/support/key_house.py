"""A house in which keys are given, taken and changed, with something sealed to every compartment there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import insert, select

from portal.directory.referral import Referral
from portal.figures.book import SLIP
from portal.figures.periods import Quarter
from portal.figures.tables import figure_slips
from portal.figures.tally import counted
from portal.ids import random_id
from portal.interpreters.form import CardForm
from portal.privacy.request import Request, Step
from portal.quality.sheet import Sheet
from portal.records.case_room import CaseRoom
from portal.records.case_words import PersonBody
from portal.records.contact import blank, filled
from portal.records.entries import Account
from portal.records.supervising import SupervisorEntry
from portal.rotation.keeper import Keeper
from portal.rotation.source import EVERY
from portal.services import Services
from portal.staff.invitations import Invitations
from portal.staff.keys.fingerprint import spoken_digits
from portal.staff.keys.granting import Granting
from portal.staff.rights import Role
from portal.staff.routes import own_sources
from portal.staff.sessions.session import Signed
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocked, Unlocking
from portal.vault.compartments import COMPARTMENTS
from portal.vault.entries import seal_entry
from portal.vault.marks import mark
from portal.vault.sealing import seal_version
from portal.vault.tip_files import seal_file_keys
from portal.web.throttle import Throttle
from tests.support.consents import CASE, decision, yes
from tests.tips.conftest import WORDS, TipHouse
from tests.tips.test_filing import FORM, file
from tips.files.holding import PURPOSE, as_frozen, marked_values
from tips.files.tables import tip_file_holds
from tips.rewraps import sources

PASSPHRASE = "nine quiet yellow doors"
ACCOUNT = "4711-22"
TOLD = "she was taken to Mill Road"
HELD_FILE = b"a file of theirs"
SENT = Referral(service="", service_name=TOLD, organisation="", organisation_name="", kind="ngo", way="card")


def with_sources(services: Services) -> None:
    """What the rooms say at the start of a process."""
    services.sources.update((source.name, source) for source in (*sources(), *own_sources(services)))
    assert set(services.sources) == EVERY


@dataclass
class KeyHouse:
    """Robin holds every key and may give and change them; others come and go."""

    house: TipHouse
    tips: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.services = self.house.services
        with_sources(self.services)
        self.unlocking = Unlocking(self.services.staff.accounts, self.services.staff.ledger, self.services.pools)
        # These people sign in more often in a second than a real person does in a week.
        self.unlocking._pace = Throttle(burst=10_000, each_second=1_000)
        self.sign_in = SignIn(self.services, self.unlocking)
        self.granting = Granting(self.services, self.unlocking, self.sign_in)
        self.keeper = Keeper(self.services)
        self.card = b""
        self.entry = b""
        self.contact = b""

    async def robin(self) -> Signed:
        """Robin signs in: what is due and hers is changed."""
        return (await self.signs_in(WORDS.name, WORDS.passphrase))[0]

    async def signs_in(self, name: str, passphrase: str = PASSPHRASE) -> tuple[Signed, str]:
        """Somebody signs in; she, and her cookie."""
        token = (await self.sign_in.sign_in(name, passphrase)).token
        return await self.services.staff.who(token), token

    async def as_robin(self) -> Unlocked:
        """Robin with her own keys open, as behind a passphrase."""
        return await self.unlocking.by_name(WORDS.name, WORDS.passphrase)

    async def brings_in(self, alias: str, *compartments: str, as_granter: bool = False) -> bytes:
        """Somebody new who holds these; her sign-in name is her alias in small letters."""
        robin = await self.robin()
        invitations = Invitations(self.services)
        code = await invitations.invite(robin, role=Role.ADVOCATE, alias=alias, languages=("en",), tongue="en")
        person = (await invitations.accept(code, alias.lower(), PASSPHRASE)).person
        await self.lets_in(person.id, *compartments, as_granter=as_granter)
        return person.id

    async def lets_in(self, person: bytes, *compartments: str, as_granter: bool = False) -> None:
        """Robin gives these keys to somebody who works here."""
        row = await self.services.staff.accounts.person(person)
        assert row is not None
        heard = "".join(spoken_digits(row.open_public, row.sign_public))
        robin = await self.robin()
        await self.granting.give(robin, WORDS.passphrase, person, compartments, heard=heard, as_granter=as_granter)

    async def puts_out(self, person: bytes, compartment: str = "tips") -> None:
        """Robin takes a key away."""
        await self.granting.take(await self.robin(), WORDS.passphrase, person, compartment)

    async def fills(self, tips: int = 2) -> None:
        """Something of every kind that is sealed to a compartment."""
        self.tips += [(await file(self.house, FORM, wants_number=False)).filing.tip for _ in range(tips)]
        robin = await self.robin()
        self.card = await self.services.interpreters.add(robin, CardForm("Tolk", "555-0123", "", (), ACCOUNT))
        self.entry = await self.services.entries.write("danger", Account(about="now", words=TOLD), robin.staff_id)
        contacts, said = self.services.contacts, {"case": ("yes",)}
        sealed = await contacts.seal(filled(blank("phone"), said, TOLD, is_whole=True))
        await contacts.put(sealed)
        self.contact = sealed.id
        await contacts.write(robin, sealed.id, SupervisorEntry(version=1, verdict="asked_more", next=TOLD))
        asked, row = self.services.requests, random_id()
        came = Request(version=1, kind="police", way="visit", came="2026-03-04", due="2026-03-07", words=TOLD)
        await asked.write(robin, came, row)
        await asked.add(robin, row, Step(version=1, what="note", request=row, words=TOLD))
        await self.services.quality.keep(Sheet(version=1, kind="review", marks={"blame": "no"}))
        await self._begins_a_case(robin)
        await self.services.referrals.write(robin, SENT)
        day = self.services.clock.now().date()
        await self.services.consents.give(robin, yes(day, note=TOLD))
        made = await self.services.duty.write(robin, decision(day, grounds=TOLD))
        second = replace(robin, staff_id=b"k" * 16, alias="Kim")
        await self.services.duty.look(second, made, "agreed", TOLD)
        await self._freezes_a_file()
        await self._counts(robin)

    async def _begins_a_case(self, robin: Signed) -> None:
        """A case with somebody who is named, a contact and a note."""
        room = CaseRoom(self.services)
        self.case = await room.begin_by_phone(robin)
        await room.people.add(robin, self.case, PersonBody(words={"description": TOLD}), {"name": TOLD})
        await room.deciding.add_note(robin, self.case, TOLD)

    async def _counts(self, robin: Signed) -> None:
        """A quarter that is counted, and after it what became of a chat."""
        await self.services.figures.close(Quarter(2025, 4), counted([], []), {}, by=robin)
        version, public = (await self.services.staff.ledger.current()).compartment("records")
        row, month, accounts = random_id(), "2026-03", self.services.staff.accounts
        sealed, number = seal_entry(public, version, row, SLIP, month, b"{}"), accounts.newest_pepper()
        made = mark(accounts.pepper(number), SLIP, row, month, sealed)
        values = {"id": row, "month": month, "sealed": sealed, "pepper": number, "mark": made}
        async with self.services.database.write() as connection:
            await connection.execute(insert(figure_slips).values(**values))

    async def fills_one(self) -> None:
        """One more tip."""
        self.tips.append((await file(self.house, FORM, wants_number=False)).filing.tip)

    async def versions(self) -> dict[str, set[int]]:
        """To which versions the rows of each source are sealed."""
        found: dict[str, set[int]] = {}
        for name, source in self.services.sources.items():
            async with self.services.database.read() as connection:
                cells = list(await connection.scalars(select(source.sealed)))
            found[name] = {seal_version(bytes(cell)) for cell in cells if cell}
        return found

    async def opens_everything(self, signed: Signed) -> bool:
        """Whether she reads every tip with who sent it, the account and the entry."""
        for tip in self.tips:
            read = await self.house.review.open(signed, tip)
            assert [words.text for words in read.words] == [FORM.words]
            assert read.reach == FORM.reach
        assert await self.services.interpreters.account(signed, self.card) == ACCOUNT
        row = await self.services.entries.one(signed, self.entry)
        assert row is not None
        assert row.account is not None, "the entry did not open"
        whole = await self.services.cases.whole(signed, self.case)
        (person,) = whole.people
        assert person.names is not None, "the names did not open"
        assert person.names.words["name"] == TOLD
        assert [note.body.words for note in whole.notes if note.body] == [TOLD]
        assert all(contact.link for contact in whole.contacts)
        contact = await self.services.contacts.one(signed, self.contact)
        assert contact is not None
        record, written = contact
        assert record.record is not None, "the record did not open"
        assert [each.entry and each.entry.next for each in written] == [TOLD]
        (consent,) = await self.services.consents.of(signed, [CASE])
        assert consent.consent is not None, "the consent did not open"
        assert await self._opens_the_decision(signed), "the decision did not open"
        return row.account.words == record.record.line == consent.consent.note == TOLD

    async def _opens_the_decision(self, signed: Signed) -> bool:
        (row,) = await self.services.duty.of(signed, [CASE])
        found = await self.services.duty.one(signed, row.id)
        assert found is not None
        words = [word.words for word in found.words]
        return found.decision is not None and found.decision.grounds == TOLD and words == [TOLD]

    async def _freezes_a_file(self) -> None:
        ledger, accounts = await self.services.staff.ledger.current(), self.services.staff.accounts
        version, public = ledger.compartment("tips")
        key_copy = seal_file_keys(public, version, self.tips[0], HELD_FILE, drawn=b"d" * 32)
        begins = {"file": HELD_FILE, "tip": self.tips[0], "day": "2026-03-04"}
        said = marked_values(begins, as_frozen(None), key_copy)
        made = mark(accounts.pepper(accounts.newest_pepper()), PURPOSE, *said.values())
        async with self.services.database.write() as connection:
            await connection.execute(insert(tip_file_holds).values(**said, mark=made))


def all_keys(signed: Signed) -> Mapping[str, Mapping[int, bytes]]:
    """Every private half she was handed."""
    return {name: dict(signed.compartment_keys(name)) for name in COMPARTMENTS}

"""The room of cases as its pages use it: the book, the acts on it, and the ways in from a record, a tip, a call."""

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from portal.errors import NotThere
from portal.records.case_deciding import CaseDeciding
from portal.records.case_holds import CaseHolds
from portal.records.case_links import CaseLinks
from portal.records.case_list import CaseList
from portal.records.case_people import CasePeople
from portal.records.case_shapes import Whole
from portal.records.case_words import CaseBody, ContactKind, ContactLink, PersonBody, case_from, people_from
from portal.records.contact import ContactRecord, band_of, blank
from portal.records.verbatim import is_verbatim
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed

if TYPE_CHECKING:
    from portal.services import Services

MOST_COMPARED: Final = 20  # tips whose words a note is compared with


class CaseRoom:
    """One for each process."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self.book = services.cases
        self.holds = CaseHolds(services.staff)
        self.links = CaseLinks(self.book, self.holds)
        self.people = CasePeople(self.book, self.holds)
        self.deciding = CaseDeciding(self.book, self.holds)
        self.list = CaseList(self.book)

    async def begin_from(self, signed: Signed, kind: ContactKind, ref: bytes) -> bytes:
        """A case that begins with this contact, or the one it belongs to. Raises NotThere for what is not hers."""
        body, people, link = await self._begun(signed, kind, ref)
        return await self.book.begin(signed, body, people, link)

    async def begin_by_phone(self, signed: Signed) -> bytes:
        """A case that begins with a call of now: its record goes into the book of contacts first."""
        contacts, record = self._services.contacts, replace(blank("phone"), by=signed.alias)
        now = self._services.clock.now().astimezone((await self._services.doors.doors()).clock)
        record = replace(record, hours=band_of(now.hour))
        sealed = await contacts.seal(record)
        await contacts.put(sealed)
        link = ContactLink(kind="contact", ref=sealed.id, day=sealed.day)
        return await self.book.begin(signed, case_from(record, signed.alias), (), link)

    async def put_in(self, signed: Signed, kind: ContactKind, ref: bytes, number: str) -> bytes:
        """This contact into the case of this spoken number. Raises NotThere, InAnother, TooMany."""
        _, _, link = await self._begun(signed, kind, ref)
        return await self.links.put_in(signed, await self.list.by_number(signed, number), link)

    async def contacts_of(self, signed: Signed, whole: Whole) -> dict[bytes, ContactRecord]:
        """The records of a case's contacts that there are still, by the names of its rows."""
        links = {each.id: each.link.ref for each in whole.contacts if each.link is not None}
        found = await self._services.contacts.some(signed, list(links.values()))
        return {row: record for row, ref in links.items() if ref in found and (record := found[ref].record) is not None}

    async def repeats(self, signed: Signed, whole: Whole, words: list[str]) -> bool:
        """Whether one of these texts says word for word what stands in a tip of this case."""
        for contact in [each.link for each in whole.contacts if each.link and each.link.kind == "tip"][:MOST_COMPARED]:
            facts = await self._services.tip_for_case(signed, contact.ref)
            if facts is not None and any(is_verbatim(each, facts.said) for each in words):
                return True
        return False

    async def _begun(
        self, signed: Signed, kind: ContactKind, ref: bytes
    ) -> tuple[CaseBody, list[PersonBody], ContactLink]:
        """What a case begins with, of a contact she may open: a tip of hers, a record she wrote or supervises."""
        if kind == "tip":
            facts = await self._services.tip_for_case(signed, ref)
            if facts is None:
                raise NotThere("no such tip")
            # Who wrote it may have seen something or be the one it is about: nothing is said of anybody yet.
            return CaseBody(by=signed.alias), [], ContactLink(kind=kind, ref=ref, day=facts.day)
        row = (await self._services.contacts.some(signed, [ref])).get(ref)
        if row is None or row.record is None:
            raise NotThere("no such record")
        if row.record.by != signed.alias and not signed.may(Right.SUPERVISE_CASES):
            raise NotThere("no such record")
        link = ContactLink(kind=kind, ref=ref, day=row.day)
        return case_from(row.record, signed.alias), people_from(row.record, signed.alias), link

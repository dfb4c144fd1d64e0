"""Says who speaks a conversation's language, so that it is offered to them first, for a few seconds."""

from collections.abc import Iterable, Mapping

from chat.availability import Reader, Readers
from chat.card import read_answers
from chat.store import keys
from chat.store.first_offer import NOT_KEPT, FirstOfferStore, Kept
from chat.store.talk import Sealed, TalkStore
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault.conversations import open_card, open_staff_copy
from portal.vault.errors import KeyMissing, SealBroken


class Speakers:
    """Who is to be asked first. Only who has opened a card knows its language; nothing of it is written anywhere.

    Where something cannot be opened or asked nobody is first: a person who waits is never kept from somebody who is
    there because the house does not know better.
    """

    def __init__(self, services: Services, talks: TalkStore, readers: Readers | None = None) -> None:
        self.readers = readers or Readers(services)
        self.first = FirstOfferStore(
            services.durable,
            capacity=lambda: services.now.chat_capacity,
            less_on_call=lambda: services.now.less_on_call,
            more_when_heavy=lambda: services.now.more_when_heavy,
        )
        self._services = services
        self._talks = talks
        self._embers = services.embers

    async def kept(self, signed: Signed, now_ms: int) -> Kept:
        """Who speaks what of those that came a moment ago. Raises `ValkeyAway`."""
        if not self._services.now.speakers_first_ms:
            return NOT_KEPT
        conversations = await self.first.since(now_ms - self._services.now.speakers_first_ms)
        if not conversations:
            return NOT_KEPT
        glances = await self._talks.glance(conversations)
        embers = await self._embers.get_many([keys.ember(each) for each in conversations])
        languages = {
            each: _language(signed, each, sealed, ember)
            for each, (_, sealed), ember in zip(conversations, glances, embers, strict=True)
        }
        return await self.kept_of(signed, languages.items())

    async def kept_of(self, signed: Signed, languages: Iterable[tuple[bytes, str]]) -> Kept:
        """The same of conversations whose language is known."""
        known = [(conversation, language) for conversation, language in languages if language]
        if not known or not self._services.now.speakers_first_ms:
            return NOT_KEPT
        people = await self.readers.all()
        if signed.staff_id not in people:  # nothing is kept from her, of whom it is not known what she speaks
            return NOT_KEPT
        speak = by_language(people)
        return Kept(self._services.now.speakers_first_ms, {each: speak[tag] for each, tag in known if tag in speak})


def _language(signed: Signed, conversation: bytes, sealed: Sealed | None, ember: bytes | None) -> str:
    """The language on a card, or an empty text where it cannot be read now."""
    if sealed is None or ember is None:
        return ""
    try:
        both = open_staff_copy(sealed.staff_copy, ember, signed.compartment_keys("chat"), conversation)
        return read_answers(open_card(both.talk, conversation, sealed.card)).language
    except (SealBroken, KeyMissing):
        return ""


def by_language(known: Mapping[bytes, Reader]) -> dict[str, frozenset[bytes]]:
    """Who reads each language."""
    tags = {tag for each in known.values() for tag in each.languages}
    return {tag: frozenset(staff for staff, each in known.items() if tag in each.languages) for tag in tags}

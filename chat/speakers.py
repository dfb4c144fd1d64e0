"""Says whom a conversation is offered to first, for a few seconds: who speaks its language, or whom she asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chat.availability import Reader, Readers
from chat.card import read_answers
from chat.store import keys
from chat.store.first_offer import NOT_KEPT, FirstOfferStore, Kept
from chat.store.talk import Sealed, TalkStore
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault.conversations import open_card, open_staff_copy
from portal.vault.errors import KeyMissing, SealBroken


@dataclass(frozen=True, slots=True)
class Wish:
    """What of a card decides who is asked first: the language of her page, and whether she asked for somebody who knows
    Indigenous communities. Nothing else she says does, and nothing she is.
    """

    language: str
    kin: bool = False


class Speakers:
    """Who is to be asked first. Only who has opened a card knows her wish; nothing of it is written anywhere.

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
        wishes = {
            each: _wish(signed, each, sealed, ember)
            for each, (_, sealed), ember in zip(conversations, glances, embers, strict=True)
        }
        return await self.kept_of(signed, wishes.items())

    async def kept_of(self, signed: Signed, wishes: Iterable[tuple[bytes, Wish]]) -> Kept:
        """The same of conversations whose cards are open."""
        known = [(conversation, wish) for conversation, wish in wishes if wish.language]
        if not known or not self._services.now.speakers_first_ms:
            return NOT_KEPT
        people = await self.readers.all()
        if signed.staff_id not in people:  # nothing is kept from her, of whom it is not known what she speaks
            return NOT_KEPT
        speak = by_language(people)
        kin = frozenset(staff for staff, each in people.items() if each.kin)
        first = {each: asked_first(wish, speak, kin) for each, wish in known}
        return Kept(self._services.now.speakers_first_ms, {each: whom for each, whom in first.items() if whom})


def asked_first(wish: Wish, speak: Mapping[str, frozenset[bytes]], kin: frozenset[bytes]) -> frozenset[bytes]:
    """Who is asked before all others: whom she asked for, of these who speak her language if any does."""
    speakers = speak.get(wish.language, frozenset())
    return (kin & speakers or kin or speakers) if wish.kin else speakers


def _wish(signed: Signed, conversation: bytes, sealed: Sealed | None, ember: bytes | None) -> Wish:
    """What a card says of it; nothing, where it cannot be read now."""
    if sealed is None or ember is None:
        return Wish("")
    try:
        both = open_staff_copy(sealed.staff_copy, ember, signed.compartment_keys("chat"), conversation)
        answers = read_answers(open_card(both.talk, conversation, sealed.card))
    except (SealBroken, KeyMissing):
        return Wish("")
    return Wish(answers.language, bool(answers.kin))


def by_language(known: Mapping[bytes, Reader]) -> dict[str, frozenset[bytes]]:
    """Who reads each language."""
    tags = {tag for each in known.values() for tag in each.languages}
    return {tag: frozenset(staff for staff, each in known.items() if tag in each.languages) for tag in tags}

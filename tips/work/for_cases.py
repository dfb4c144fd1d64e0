"""Tells the room of cases what it needs of a tip that one of them holds, to whoever may read the tip."""

from portal.handover import TipFacts
from portal.services import Services
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.vault.errors import VaultError
from tips import parts, store
from tips.access import Doors


class ForCases:
    """Reads, shows nothing, and so leaves no line: what is read is a day and what a note may not repeat."""

    def __init__(self, services: Services, doors: Doors) -> None:
        self._services = services
        self._doors = doors

    async def facts(self, signed: Signed, tip_id: bytes) -> TipFacts | None:
        """The tip, or None for what is not hers or not there. Raises DatabaseAway."""
        if not signed.may(Right.READ_TIPS):
            return None
        async with self._services.database.read() as connection:
            tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
            if tip is None:
                return None
            kept = await store.read_parts(connection, tip_id)
        try:
            card = parts.open_card(tip.words_key, tip_id, tip.sealed.card)
            said = parts.open_words(tip.words_key, tip_id, kept)
        except VaultError:
            return TipFacts(tip.sealed.day)
        return TipFacts(tip.sealed.day, card.language, tuple(words.text for words in said))

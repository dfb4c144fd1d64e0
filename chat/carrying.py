"""Carries a card of the directory into a conversation: whom this advocate holds, and words in her name."""

from collections.abc import Sequence

from chat.recording import record_name
from chat.refusals import NotThisDesk
from chat.relay import Relay
from i18n.catalogue import Catalogue
from i18n.languages import ENGLISH, LANGUAGES
from portal.directory.carriers import Held
from portal.errors import NotThere
from portal.records.form import place_named
from portal.staff.sessions.session import Signed


class Carrying:
    """What the directory's pages ask of the chat."""

    def __init__(self, relay: Relay, catalogue: Catalogue) -> None:
        self._relay = relay
        self._catalogue = catalogue

    async def held(self, signed: Signed) -> Sequence[Held]:
        """The conversations she holds, with what each page reads; one that ended in this moment is left out."""
        desk = self._relay.desk
        named = await desk.held_now()
        owners = await desk.owners(named)
        mine = [each for each, owner in zip(named, owners, strict=True) if owner and owner.staff_id == signed.staff_id]
        return [held for each in mine if (held := await self._held(signed, each)) is not None]

    async def say(self, signed: Signed, conversation: bytes, text: str, key: bytes) -> None:
        """Say it to the visitor, under this key once. Raises NotThere for one she does not hold."""
        try:
            talk = await self._relay.access.conversation_for_advocate(signed, conversation)
        except NotThisDesk:
            raise NotThere("no such conversation") from None
        last = reached = 0
        while (reached := (await self._relay.since(talk, last)).last) > last:
            last = reached
        await self._relay.advocate_says(talk, text, key, last)

    async def _held(self, signed: Signed, conversation: bytes) -> Held | None:
        try:
            talk = await self._relay.access.conversation_for_advocate(signed, conversation)
        except NotThisDesk:
            return None
        answers = await self._relay.answers(talk)
        language = LANGUAGES.get(answers.language, ENGLISH)
        region = place_named(answers.get("region"), self._catalogue)
        return Held(conversation, language, answers.given.get("name", ""), record_name(talk), region)

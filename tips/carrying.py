"""Carries a card of the directory to whoever sent a note: as a reply, in the language it was written in."""

from i18n.languages import Language
from portal.errors import NotThere
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from tips.review import Review


class Carrying:
    """What the directory's pages ask of the room of tips."""

    def __init__(self, review: Review) -> None:
        self._review = review

    async def reply(self, signed: Signed, tip_id: bytes, text: str, language: Language, part: bytes) -> None:
        """Leave the card as a reply, under this name once. Raises NotThere for a tip that is not hers to answer."""
        if not signed.may(Right.ANSWER_TIPS):
            raise NotThere("no such tip")
        await self._review.reply(signed, tip_id, text, part, language=language.tag)

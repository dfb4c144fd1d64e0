"""Lets nobody take a conversation who was not signed off for it."""

from dataclasses import replace

from chat.refusals import NotThisDesk, NotTrained
from portal.staff.accounts import Accounts
from portal.staff.rights import RIGHTS, Right
from portal.staff.sessions.session import Signed
from portal.staff.training import CHAT


def must_be_trained(signed: Signed) -> None:
    """Raise NotTrained unless somebody has signed her off. Asked where a conversation becomes hers, and at "ready"."""
    if CHAT not in signed.training:
        raise NotTrained


class Trained:
    """What is asked of a person's row at the moment of an act; a line may have been open for hours."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def as_she_is(self, signed: Signed) -> Signed:
        """Her, under the name she has now and with what she has learned by now. Raises NotThisDesk for nobody."""
        person = await self._accounts.person(signed.staff_id)
        if person is None:
            raise NotThisDesk
        return replace(signed, alias=person.alias, training=person.training)

    async def takes_chats(self, staff_id: bytes) -> bool:
        """Whether a conversation can be handed on to this person at all."""
        person = await self._accounts.person(staff_id)
        return person is not None and Right.TAKE_CHATS in RIGHTS[person.role] and CHAT in person.training

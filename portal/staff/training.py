"""Keeps what each person has learned: somebody signs her off, and until then she takes no chats."""

from typing import TYPE_CHECKING, ClassVar, Final

from portal.errors import NotThere, PorchlightError
from portal.staff.rights import RIGHTS, Right, Role
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit

if TYPE_CHECKING:
    from portal.services import Services

CHAT: Final = "chat"
# Knows Indigenous communities, their ways and their history: whoever asks for it is offered to her first.
INDIGENOUS: Final = "indigenous"

# What can be signed off, and whose work it belongs to. The first is needed for it, at each take.
NEEDED: Final = {CHAT: Right.TAKE_CHATS, INDIGENOUS: Right.TAKE_CHATS}

# What the audit is told, when she has learned it and when she is to learn it anew.
_LINES: Final = {
    (CHAT, True): "training.chat",
    (CHAT, False): "training.no_chat",
    (INDIGENOUS, True): "training.indigenous",
    (INDIGENOUS, False): "training.no_indigenous",
}


class NotHerself(PorchlightError):
    """Nobody signs herself off."""

    phrase: ClassVar[str] = "coming.error.not_herself"
    status: ClassVar[int] = 422


def learns(role: Role) -> tuple[str, ...]:
    """What somebody of this role can be signed off for."""
    return tuple(what for what, right in NEEDED.items() if right in RIGHTS[role])


class Training:
    """The acts on what somebody has learned."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def sign_off(self, signed: Signed, staff_id: bytes, what: str = CHAT) -> None:
        """She has learned it, says somebody else. Raises NotHerself, NotThere for what her role never does."""
        await self._set(signed, staff_id, what, is_learned=True)

    async def take_back(self, signed: Signed, staff_id: bytes, what: str = CHAT) -> None:
        """She is to learn it (anew). Whom she holds stays hers; from the next take on she is refused."""
        await self._set(signed, staff_id, what, is_learned=False)

    async def _set(self, signed: Signed, staff_id: bytes, what: str, *, is_learned: bool) -> None:
        if staff_id == signed.staff_id:
            raise NotHerself("herself")
        accounts = self._services.staff.accounts
        await accounts.ready()
        async with self._services.database.write() as connection:
            person = await accounts.person_in(connection, staff_id)
            if person is None or what not in learns(person.role):
                raise NotThere("nobody, or nothing she does")
            training = person.training | {what} if is_learned else person.training - {what}
            if training == person.training:
                return
            await accounts.change(connection, staff_id, training=training)
            await audit.line(
                connection,
                at=self._services.clock.now(),
                act=_LINES[what, is_learned],
                staff_id=signed.staff_id,
                subject=staff_id,
            )

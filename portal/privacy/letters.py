"""Writes the standard replies: one for each kind and language, the same for everybody, whatever this house may hold.

A letter is made of the house's name, the kind and the language, and of nothing else: no store is asked, so no letter
and no time it takes can tell whether somebody wrote. The sentence that neither confirms nor denies stands in each, and
the house cannot edit it away.
"""

import contextlib
from typing import TYPE_CHECKING, Final

from i18n.catalogue import Catalogue
from i18n.languages import DESK_TAGS, LANGUAGES
from portal.desk_settings import CHANNEL
from portal.privacy.kinds import KINDS, OWN, Kind
from portal.staff.trail import audit
from portal.store.valkey import ValkeyAway

if TYPE_CHECKING:
    from portal.services import Services
    from portal.staff.sessions.session import Signed

NAME: Final = "letter."
LETTER_LIMIT: Final = 3_000
LETTERS: Final = tuple((kind, tongue) for kind in KINDS for tongue in DESK_TAGS)


class Letters:
    """The replies as they count now: the house's own wording over ours."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._catalogue: Catalogue = services.pages.catalogue

    def body(self, kind: Kind, tongue: str) -> str:
        """What may be edited of a letter."""
        own = self._services.desk_settings.values.get(f"{NAME}{kind}.{tongue}")
        return own if own is not None else self._said(tongue, f"pdesk.letter.{kind}")

    def is_own(self, kind: Kind, tongue: str) -> bool:
        """Whether the house wrote it anew."""
        return f"{NAME}{kind}.{tongue}" in self._services.desk_settings.values

    def fixed(self, kind: Kind, tongue: str) -> str:
        """What stands in it whatever the house wrote: we neither confirm nor deny; and how one comes at one's own."""
        keys = ("pdesk.letter.never", *(("pdesk.letter.receipt",) if kind in OWN else ()))
        return "\n\n".join(self._said(tongue, key) for key in keys)

    def whole(self, kind: Kind, tongue: str, house: str) -> str:
        """The letter as it goes out, under the name of the house."""
        parts = (self.body(kind, tongue), self.fixed(kind, tongue), house)
        return "\n\n".join(part for part in parts if part)

    async def set(self, signed: "Signed", kind: Kind, tongue: str, body: str) -> None:
        """Write the house's own wording; an empty one, or ours, takes it back."""
        value = None if body in ("", self._said(tongue, f"pdesk.letter.{kind}")) else body
        async with self._services.database.write() as connection:
            await self._services.desk_settings.set(connection, {f"{NAME}{kind}.{tongue}": value})
            now = self._services.clock.now()
            await audit.line(connection, at=now, act="asked.letter", staff_id=signed.staff_id)
        await self._services.desk_settings.look()
        with contextlib.suppress(ValkeyAway):
            await self._services.durable.publish(CHANNEL, b"s")

    def _said(self, tongue: str, key: str) -> str:
        return self._catalogue.phrase(LANGUAGES[tongue], key)

"""Shows a desk who on duty speaks what, and which of those who wait are for their speakers for some seconds more."""

from collections.abc import Sequence

from msgspec.structs import replace

from chat.availability import Reader
from chat.protocol.rows import OnDuty, Waiting
from chat.relay import Relay
from chat.speakers import Wish
from portal.ids import from_text
from portal.staff.sessions.session import Signed

MOST_SHOWN = 40  # people; a house with more of them at once is told of the first by name


class DeskSpeakers:
    """Raises `ValkeyAway` when a store does not answer."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def rows(self, signed: Signed, rows: list[Waiting], now_ms: int) -> list[Waiting]:
        """The rows, each with for how long it is for her first, or for others. The same script decides a take."""
        speakers = self._relay.speakers
        kept = await speakers.kept_of(
            signed, [(from_text(row.conversation, 16), Wish(row.language, row.kin)) for row in rows]
        )
        left = await speakers.first.left_ms(kept, now_ms)
        shown = []
        for row in rows:
            conversation = from_text(row.conversation, 16)
            seconds = -(-left.get(conversation, 0) // 1000)
            if seconds:
                is_hers = signed.staff_id in kept.speakers[conversation]
                row = replace(row, first="me" if is_hers else "others", first_s=seconds)
            shown.append(row)
        return shown

    async def on_duty(self, staff: Sequence[bytes]) -> tuple[OnDuty, ...]:
        """Who takes conversations now, by name, each with what she speaks."""
        known = await self._relay.speakers.readers.all()
        here = [known[each] for each in staff if each in known]
        return tuple(
            OnDuty(name=each.alias, languages=each.languages, kin=each.kin) for each in sorted(here, key=_alias)
        )[:MOST_SHOWN]


def _alias(reader: Reader) -> str:
    return reader.alias

"""Sets at the desk what a house at work has to change: written down, marked, audited, and told to every process."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from portal.desk_settings import CAMPAIGNS, CHANNEL, NOTICE
from portal.records.campaigns import write_list
from portal.staff.household.proof_rules import ProofRule, kept_of
from portal.staff.household.settings_rules import EXIT, write_exit
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.valkey import ValkeyAway

if TYPE_CHECKING:
    from portal.services import Services


class SettingsKeeping:
    """The acts on what is set at the desk. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def set_numbers(self, signed: Signed, numbers: Mapping[str, int]) -> None:
        """Set these fields. One that says what the server was given anyway is not set here any more."""
        given = self._services.settings
        await self._write(
            signed, {field: None if getattr(given, field) == value else str(value) for field, value in numbers.items()}
        )

    async def set_exit(self, signed: Signed, text: str) -> None:
        """Set where the exit leads."""
        await self._write(signed, {EXIT: None if text == write_exit(self._services.settings) else text})

    async def set_notice(self, signed: Signed, language: str, text: str) -> None:
        """Set what the house tells everybody in one language; an empty text takes it back."""
        await self._write(signed, {NOTICE + language: text or None})

    async def set_campaigns(self, signed: Signed, listed: Sequence[str]) -> None:
        """Set by which campaigns somebody may have heard of the house; none takes it back. Records keep theirs."""
        await self._write(signed, {CAMPAIGNS: write_list(listed) or None})

    async def set_proof(self, signed: Signed, rule: ProofRule, *, is_less: bool) -> None:
        """Set who has to have a second proof. The audit says whether that asks more or less than before."""
        before = self._services.desk_settings.values
        kept = {
            name: value for name, value in kept_of(self._services.settings, rule).items() if before.get(name) != value
        }
        way = "less" if is_less else "more"
        await self._write_rows(kept, {name: f"set.{name}.{way}" for name in kept}, signed.staff_id)

    async def take_back(self, signed: Signed, field: str) -> None:
        """Let the server's own file decide again."""
        await self._write(signed, {field: None})

    async def note_ready(self, name: str, staff_id: bytes) -> None:
        """Write down that something a house needs before it opens was shown to work today (house.py)."""
        day = self._services.clock.now().date().isoformat()
        await self._write_rows({f"ready.{name}": day}, {f"ready.{name}": f"ready.{name}"}, staff_id)

    async def _write(self, signed: Signed, values: Mapping[str, str | None]) -> None:
        before = self._services.desk_settings.values
        changed = {name: value for name, value in values.items() if before.get(name) != value}
        await self._write_rows(changed, {name: _act(name, value) for name, value in changed.items()}, signed.staff_id)

    async def _write_rows(self, values: Mapping[str, str | None], acts: Mapping[str, str], staff_id: bytes) -> None:
        if not values:
            return
        async with self._services.database.write() as connection:
            await self._services.desk_settings.set(connection, values)
            for name in values:
                await audit.line(connection, at=self._services.clock.now(), act=acts[name], staff_id=staff_id)
        # Here it counts at once, elsewhere as soon as it is heard.
        await self._services.desk_settings.look()
        with contextlib.suppress(ValkeyAway):
            await self._services.durable.publish(CHANNEL, b"s")


def _act(name: str, value: str | None) -> str:
    """The audit's word for it. A number stands in it; an address or a notice is read where it is shown."""
    if value is None:
        return f"set.{name}.back"
    return f"set.{name}={value}" if value.isdigit() else f"set.{name}"

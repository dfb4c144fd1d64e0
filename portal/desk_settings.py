"""Keeps what an administrator set at the desk, each row under a mark of this house's own, over what a server was given.

The settings file and the environment say how a house begins. What is set at the desk wins over them, in every process,
from the moment it is written down; taken back there, the file's value counts again.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Column, LargeBinary, String, Table, Text, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.opening import FactsForged
from portal.records.campaigns import kept_list
from portal.settings import BadSetting, Settings, checked
from portal.settings_table import BY_FIELD
from portal.staff.keys.keys_folder import KeysFolder
from portal.store.database import Database, metadata
from portal.vault.marks import is_marked, mark

if TYPE_CHECKING:
    from portal.store.channels import Channels

# A setting's field, or `notice.<language>`, `ready.<what was shown to work>`, `campaigns`.
house_settings: Final = Table(
    "house_settings",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows sends nobody elsewhere
    sqlite_with_rowid=False,
)

CHANNEL: Final = b"house-settings"  # hears that something was set; what, says the next reading
READ_EVERY_S: Final = 5.0
NOTICE: Final = "notice."
CAMPAIGNS: Final = "campaigns"
_PURPOSE: Final = "house settings"

# What may be set at the desk. The rest decides what a server stands on, or holds a secret.
CHANGEABLE: Final = frozenset(
    {
        "exit_urls",
        "wrap_up_minutes",
        "chat_capacity",
        "on_call_capacity",
        "heavy_places",
        "hard_wrap_up_minutes",
        "speakers_first_seconds",
        "choice_minutes",
        "silent_minutes",
        "comeback_hours",
        "own_chat_minutes",
        "desk_idle_minutes",
        "desk_hours",
        "unclaimed_seconds",
        "ladder_seconds",
        "unanswered_seconds",
        "unanswered_tell_seconds",
        "kept_days",
        "record_days",
        "case_days",
        "case_people_days",
        "case_names_days",
        "referral_days",
        "request_kept_days",
        "sheet_days",
        "shared_check_days",
        "second_proof",
        "second_proof_days",
        "tip_days",
        "tip_number_days",
        "tip_warning_days",
        "openings_an_hour",
        "reading_minutes",
        "key_overdue_days",
        "digest_minutes",
    }
)

_log = logging.getLogger("porchlight.settings")
# Of these the desk may ask for more than the server was given, and never for less, whatever stands in a row.
STRICTER: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "second_proof": lambda given, asked: tuple(dict.fromkeys((*given, *asked))),
    "second_proof_days": min,
}


class DeskSettings:
    """One process's knowledge of what is set at the desk; `over` lays it over the settings a server was given.

    With the database away, or where a row is none of ours, what was known stands.
    """

    def __init__(self, database: Database, folder: KeysFolder) -> None:
        self._database = database
        self._folder = folder
        self._peppers: Mapping[int, bytes] = {}
        self.values: Mapping[str, str] = {}
        self._laid: tuple[Settings, Mapping[str, str], Settings] | None = None

    def over(self, settings: Settings) -> Settings:
        """`settings`, and over them what is set at the desk."""
        if self._laid is None or self._laid[0] is not settings or self._laid[1] is not self.values:
            self._laid = settings, self.values, laid_over(settings, self.values)
        return self._laid[2]

    def exit_mark(self, settings: Settings) -> str:
        """What a form of the exit carries while the exit is one set at the desk; empty while it is not."""
        urls = self.over(settings).exit_urls
        return "" if urls == settings.exit_urls else sha256(repr(sorted(urls.items())).encode()).hexdigest()[:8]

    def exits_of(self, marked: str, settings: Settings) -> Settings:
        """The settings whose exit a form may lead to.

        A page says which sites it may be sent on to when it is drawn, and a browser holds it to that: one from before
        the last change is sent to the exit this server was given, which every page allows.
        """
        return self.over(settings) if marked and marked == self.exit_mark(settings) else settings

    @property
    def notices(self) -> Mapping[str, str]:
        """What the house tells everybody, by language tag."""
        return {name.removeprefix(NOTICE): text for name, text in self.values.items() if name.startswith(NOTICE)}

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The house's own campaigns, by which somebody may have heard of it."""
        return kept_list(self.values.get(CAMPAIGNS, ""))

    async def run(self, channels: "Channels") -> None:
        """Know what is set, for as long as the process lives: at once where it is told, else within seconds."""
        async with channels.listen(CHANNEL) as listener:
            while True:
                await self.look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(READ_EVERY_S):
                        await listener.next()

    async def look(self) -> None:
        """Read once; what cannot be read changes nothing."""
        try:
            async with self._database.read() as connection:
                self._believe(await self.read(connection))
        except FactsForged:
            # Aloud, each time; what this process knew before stands.
            _log.error("house_settings_refused")
        except PorchlightError:
            return  # away, or no house yet

    async def read(self, connection: AsyncConnection) -> Mapping[str, str]:
        """Everything set, as the database holds it now. Raises FactsForged, KeysFolderWrong."""
        rows = (await connection.execute(select(house_settings).order_by(house_settings.c.name))).all()
        for row in rows:
            await self._check(row)
        return {row.name: row.value for row in rows}

    async def set(self, connection: AsyncConnection, values: Mapping[str, str | None]) -> None:
        """Write these inside the caller's transaction; None takes one back."""
        await self._read_peppers()
        number = max(self._peppers)
        for name, value in values.items():
            await connection.execute(delete(house_settings).where(house_settings.c.name == name))
            if value is not None:
                made = mark(self._peppers[number], _PURPOSE, name, value)
                await connection.execute(insert(house_settings).values(name=name, value=value, mark=made))

    def _believe(self, values: Mapping[str, str]) -> None:
        if values != self.values:
            self.values = values

    async def _check(self, row: Any) -> None:  # Any: a row of the database, typed nowhere before this line
        if is_marked(self._peppers.values(), row.mark, *said(row)):
            return
        # Perhaps under a pepper that was added since.
        await self._read_peppers()
        if not is_marked(self._peppers.values(), row.mark, *said(row)):
            raise FactsForged("what is set at the desk was changed from outside")

    async def _read_peppers(self) -> None:
        self._peppers = await asyncio.to_thread(self._folder.peppers)


def said(row: Any) -> tuple[str, str, str]:  # Any: as above
    """What the mark of a row is made of: its purpose, then its parts."""
    return _PURPOSE, row.name, row.value


def laid_over(settings: Settings, values: Mapping[str, str]) -> Settings:
    """`settings` with these in their place. What does not read, or does not go with the rest, is left out, aloud.

    It was checked when it was written; what a server was given may be another by now.
    """
    read: dict[str, Any] = {}
    for name, text in values.items():
        if name not in CHANGEABLE:
            continue
        try:
            read[name] = BY_FIELD[name].read(text)
            if name in STRICTER:
                read[name] = STRICTER[name](getattr(settings, name), read[name])
        except ValueError:
            _log.error("house_setting_unreadable name=%s", name)
    try:
        return checked(replace(settings, **read))
    except BadSetting:
        _log.error("house_settings_do_not_go_together")
        return _one_by_one(settings, read)


def _one_by_one(settings: Settings, read: Mapping[str, Any]) -> Settings:
    for name, value in read.items():
        with suppress(BadSetting):
            settings = checked(replace(settings, **{name: value}))
    return settings

"""The settings: read once from the environment and an optional file, frozen, and handed down."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from i18n.engine_address import checked_address
from portal import readings
from portal.operation.given import Seeing
from portal.privacy.kinds import DAYS, written_days
from portal.settings_table import TABLE, Setting


class BadSetting(Exception):
    """A setting that cannot be used. Its text is one plain sentence for the person at the terminal."""


class Secret:
    """A string that does not show itself: its ``repr`` and ``str`` are dots."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The string itself."""
        return self._value

    def __repr__(self) -> str:  # what `str` shows as well
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))


@dataclass(frozen=True)
class Settings(Seeing):
    """Everything that can be set. ``docs/settings.md`` says what each is for."""

    data_dir: Path = Path("data")
    keys_dir: Path = Path("keys")
    host: str = "127.0.0.1"
    port: int = 8000
    desk_host: str = "localhost"
    desk_port: int = 8001
    workers: int = 2
    public_origin: str = ""
    desk_origin: str = ""
    redis_url: Secret | None = None
    ember_url: Secret | None = None
    database_url: Secret | None = None
    exit_urls: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({"": readings.DEFAULT_EXIT_URL}))
    phone_line: str | None = None
    organisation: str = ""
    newsletter_url: str = ""
    media_contact: str = ""
    original: str = "en"
    wrap_up_minutes: int = 30
    chat_capacity: int = 3
    on_call_capacity: int = 1
    heavy_places: int = 2
    hard_wrap_up_minutes: int = 10
    comeback_hours: int = 2
    choice_minutes: int = 5
    silent_minutes: int = 10
    kept_days: int = 90
    record_days: int = 365
    case_days: int = 730
    case_people_days: int = 365
    case_names_days: int = 180
    request_days: tuple[str, ...] = written_days(DAYS)
    request_kept_days: int = 730
    sheet_days: int = 730
    shared_check_days: int = 30
    directory_days: int = 180
    referral_days: int = 365
    public_directory: str = "off"
    small_count: int = 5
    public_figures: str = "on"
    partner_group: int = 11
    key_backup_days: int = 14
    tip_days: int = 365
    tip_number_days: int = 365
    tip_warning_days: int = 42
    desk_idle_minutes: int = 30
    desk_hours: int = 12
    second_proof: tuple[str, ...] = ("advocate", "supervisor", "administrator")
    second_proof_days: int = 7
    speakers_first_seconds: int = 20
    unclaimed_seconds: int = 60
    ladder_seconds: int = 120
    unanswered_seconds: int = 90
    unanswered_tell_seconds: int = 180
    alert_smtp_url: Secret | None = None
    alert_webhook_url: Secret | None = None
    alert_command: str = ""
    digest_to: tuple[tuple[str, str], ...] | None = None
    digest_minutes: int = 60
    own_chat_minutes: int = 60
    files_mib: int = 1024
    openings_an_hour: int = 40
    reading_minutes: int = 240
    key_overdue_days: int = 3
    clamd: str = ""
    translation_url: str = ""
    translation_hosts: tuple[str, ...] = ()
    translation_ca: Path | None = None
    translation_key: Secret | None = None
    translation_cloud: str = ""
    language_guess: str = "on"
    max_requests_at_once: int = 256
    log_level: str = "warning"

    def __post_init__(self) -> None:
        object.__setattr__(self, "data_dir", self.data_dir.absolute())
        object.__setattr__(self, "keys_dir", self.keys_dir.absolute())
        # The address a person types, where none was set: the one the server listens on.
        if not self.public_origin:
            object.__setattr__(self, "public_origin", f"http://{_bracketed(self.host)}:{self.port}")
        if not self.desk_origin:
            object.__setattr__(self, "desk_origin", f"http://{_bracketed(self.desk_host)}:{self.desk_port}")

    @property
    def joins(self) -> bool:
        """True when both Valkeys run elsewhere: this server joins them and starts none of its own."""
        return self.redis_url is not None and self.ember_url is not None

    @property
    def less_on_call(self) -> int:
        """How many places fewer an advocate has while she is on the phone."""
        return max(0, self.chat_capacity - self.on_call_capacity)

    @property
    def more_when_heavy(self) -> int:
        """How many places beyond its own a conversation takes in which danger was marked."""
        return self.heavy_places - 1

    @property
    def comeback_lasts(self) -> timedelta:
        """How long a number to come back works at most."""
        return timedelta(hours=self.comeback_hours)

    @property
    def speakers_first_ms(self) -> int:
        """For how long a conversation is for those who speak its language: never until somebody is called for it."""
        return min(self.speakers_first_seconds, self.unclaimed_seconds // 2) * 1000

    @property
    def database_path(self) -> Path:
        """Where the database file is, where the rows are in one."""
        url = "" if self.database_url is None else self.database_url.reveal()
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:") else self.data_dir / "porchlight.db"

    @property
    def database_place(self) -> "Path | Secret":
        """Where the rows are: a file, or the address of a PostgreSQL server."""
        is_server = self.database_url is not None and not self.database_url.reveal().startswith("sqlite:")
        return self.database_url if is_server and self.database_url else self.database_path

    def exit_url(self, language: str) -> str:
        """The neutral page the exit leads to for ``language`` (its own, its base language's, or the default)."""
        base = language.split("-")[0]
        return self.exit_urls.get(language) or self.exit_urls.get(base) or self.exit_urls[""]

    @property
    def exit_origins(self) -> tuple[str, ...]:
        """The origins of all neutral pages: a form that leaves may be redirected there and nowhere else."""
        return tuple(sorted({readings.origin_of(url) for url in self.exit_urls.values()}))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


SETTINGS_FILE = "PORCHLIGHT_SETTINGS_FILE"


def read_settings(
    environment: Mapping[str, str], *, file: Path | None = None, given: Mapping[str, str] | None = None
) -> Settings:
    """The settings from ``file``, over it ``environment``, over both ``given`` (what the command line said).

    A secret may also stand in a file of its own, named by ``NAME_FILE``. An unknown name with our prefix is
    refused: a misspelt setting must not pass for a default. Raises ``BadSetting`` with one sentence.
    """
    if file is None and environment.get(SETTINGS_FILE):
        file = Path(environment[SETTINGS_FILE])
    ours = {
        name: text for name, text in environment.items() if name.startswith("PORCHLIGHT_") and name != SETTINGS_FILE
    }
    ours |= {s.name: environment[s.name] for s in TABLE if s.name in environment}
    ours |= {
        f"{s.name}_FILE": environment[f"{s.name}_FILE"] for s in TABLE if s.secret and f"{s.name}_FILE" in environment
    }
    texts = {**(_lines_of(file) if file else {}), **ours, **(given or {})}
    _refuse_unknown(texts)
    values: dict[str, Any] = {}
    for setting in TABLE:
        text = _text_of(setting, texts)
        if text is None:
            continue
        try:
            value = setting.read(text)
            values[setting.field] = Secret(value) if setting.secret else value
        except ValueError as error:
            # A secret's value is not repeated, not even a wrong one.
            shown = "" if setting.secret else f" (it is {text!r})"
            raise BadSetting(f"{setting.name} {error}{shown}.") from None
    return checked(Settings(**values))


def _text_of(setting: Setting, texts: Mapping[str, str]) -> str | None:
    text = texts.get(setting.name, "").strip()
    path = texts.get(f"{setting.name}_FILE", "").strip() if setting.secret else ""
    if path and text:
        raise BadSetting(f"{setting.name} and {setting.name}_FILE are both set; keep one of them.")
    if path:
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise BadSetting(f"{setting.name}_FILE names a file that cannot be read ({path}).") from None
    return text or None


def _lines_of(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadSetting(f"The settings file {file} cannot be read.") from None
    texts: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, found, text = line.partition("=")
        if not found:
            raise BadSetting(f"Line {number} of {file} is not NAME = value.")
        texts[name.strip()] = text.strip()
    return texts


def _refuse_unknown(texts: Mapping[str, str]) -> None:
    known = {s.name for s in TABLE} | {f"{s.name}_FILE" for s in TABLE if s.secret}
    for name in texts:
        if name not in known:
            raise BadSetting(f"There is no setting called {name}; docs/settings.md lists them all.")


def checked(settings: Settings) -> Settings:
    """The settings, where they go together. Raises ``BadSetting`` with one sentence."""
    if settings.port == settings.desk_port:
        raise BadSetting(
            "The site and the desk need two different ports; PORCHLIGHT_PORT and PORCHLIGHT_DESK_PORT agree."
        )
    if settings.public_origin == settings.desk_origin:
        raise BadSetting("The site and the desk need two different origins, so that neither sees the other's cookies.")
    if (settings.redis_url is None) != (settings.ember_url is None):
        raise BadSetting("REDIS_URL and EMBER_URL go together; set both, or neither.")
    if settings.redis_url is not None and settings.redis_url == settings.ember_url:
        raise BadSetting(
            "REDIS_URL and EMBER_URL must name two servers; what is in the ember store may never reach a disk."
        )
    if settings.digest_to and settings.alert_smtp_url is None:
        raise BadSetting("PORCHLIGHT_DIGEST_TO needs a mail server: set PORCHLIGHT_ALERT_SMTP_URL too.")
    if settings.tip_warning_days >= settings.tip_days or 0 < settings.tip_number_days <= settings.tip_warning_days:
        raise BadSetting(
            "PORCHLIGHT_TIP_WARNING_DAYS must be shorter than PORCHLIGHT_TIP_DAYS, and than PORCHLIGHT_TIP_NUMBER_DAYS."
        )
    _check_translation(settings)
    data, keys = settings.data_dir, settings.keys_dir
    if keys == data or data in keys.parents or keys in data.parents:
        raise BadSetting("The keys folder and the data folder must lie apart; a copy of one must not bring the other.")
    return settings


def _check_translation(settings: Settings) -> None:
    if settings.translation_url and settings.translation_cloud:
        raise BadSetting(
            "PORCHLIGHT_TRANSLATION_URL and PORCHLIGHT_TRANSLATION_CLOUD are both set; keep one: none steps in for "
            "another."
        )
    if settings.translation_cloud in ("deepl", "microsoft") and settings.translation_key is None:
        raise BadSetting("PORCHLIGHT_TRANSLATION_CLOUD needs a key: set PORCHLIGHT_TRANSLATION_KEY_FILE too.")
    if settings.translation_url:
        try:
            checked_address(settings.translation_url, settings.translation_hosts)
        except ValueError as error:
            raise BadSetting(f"PORCHLIGHT_TRANSLATION_URL {error}.") from None


def from_process(given: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """The settings of this process; the one place that looks at its environment."""
    return read_settings(os.environ, file=file, given=given)

"""The settings: read once from the environment and an optional file, frozen, and handed down."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from portal import readings
from portal.readings import DEFAULT_EXIT_URL


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

    def __repr__(self) -> str:
        return "Secret(...)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))


@dataclass(frozen=True)
class Settings:
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
    exit_urls: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({"": DEFAULT_EXIT_URL}))
    phone_line: str | None = None
    organisation: str = ""
    wrap_up_minutes: int = 30
    chat_capacity: int = 3
    on_call_capacity: int = 1
    comeback_hours: int = 2
    choice_minutes: int = 5
    silent_minutes: int = 10
    kept_days: int = 90
    key_backup_days: int = 14
    tip_days: int = 365
    tip_number_days: int = 365
    tip_warning_days: int = 42
    desk_idle_minutes: int = 30
    desk_hours: int = 12
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
    files_mib: int = 1024
    openings_an_hour: int = 40
    clamd: str = ""
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


@dataclass(frozen=True)
class Setting:
    """One line of the table below: how it is called, which field it fills, how it is read."""

    name: str
    field: str
    read: Callable[[str], Any]
    secret: bool = False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


TABLE = (
    Setting("PORCHLIGHT_DATA_DIR", "data_dir", readings.folder),
    Setting("PORCHLIGHT_KEYS_DIR", "keys_dir", readings.folder),
    Setting("PORCHLIGHT_HOST", "host", readings.host),
    Setting("PORCHLIGHT_PORT", "port", readings.whole(1, 65535)),
    Setting("PORCHLIGHT_DESK_HOST", "desk_host", readings.host),
    Setting("PORCHLIGHT_DESK_PORT", "desk_port", readings.whole(1, 65535)),
    Setting("PORCHLIGHT_WORKERS", "workers", readings.whole(1, 64)),
    Setting("PORCHLIGHT_PUBLIC_ORIGIN", "public_origin", readings.origin),
    Setting("PORCHLIGHT_DESK_ORIGIN", "desk_origin", readings.origin),
    Setting("REDIS_URL", "redis_url", readings.valkey_url, secret=True),
    Setting("EMBER_URL", "ember_url", readings.valkey_url, secret=True),
    Setting("DATABASE_URL", "database_url", readings.database_url, secret=True),
    Setting("PORCHLIGHT_EXIT_URLS", "exit_urls", readings.exit_urls),
    Setting("PORCHLIGHT_PHONE_LINE", "phone_line", readings.words),
    Setting("PORCHLIGHT_ORGANISATION", "organisation", readings.words),
    Setting("PORCHLIGHT_WRAP_UP_MINUTES", "wrap_up_minutes", readings.whole(1, 24 * 60)),
    Setting("PORCHLIGHT_CHAT_CAPACITY", "chat_capacity", readings.whole(1, 20)),
    Setting("PORCHLIGHT_ON_CALL_CAPACITY", "on_call_capacity", readings.whole(1, 20)),
    Setting("PORCHLIGHT_COMEBACK_HOURS", "comeback_hours", readings.whole(1, 48)),
    Setting("PORCHLIGHT_CHOICE_MINUTES", "choice_minutes", readings.whole(1, 120)),
    Setting("PORCHLIGHT_SILENT_MINUTES", "silent_minutes", readings.whole(10, 120)),
    Setting("PORCHLIGHT_KEPT_DAYS", "kept_days", readings.whole(1, 3650)),
    Setting("PORCHLIGHT_KEY_BACKUP_DAYS", "key_backup_days", readings.whole(1, 365)),
    Setting("PORCHLIGHT_TIP_DAYS", "tip_days", readings.whole(60, 3650)),
    Setting("PORCHLIGHT_TIP_NUMBER_DAYS", "tip_number_days", readings.whole(0, 3650)),
    Setting("PORCHLIGHT_TIP_WARNING_DAYS", "tip_warning_days", readings.whole(28, 180)),
    Setting("PORCHLIGHT_DESK_IDLE_MINUTES", "desk_idle_minutes", readings.whole(6, 60)),
    Setting("PORCHLIGHT_DESK_HOURS", "desk_hours", readings.whole(2, 12)),
    Setting("PORCHLIGHT_SPEAKERS_FIRST_SECONDS", "speakers_first_seconds", readings.whole(0, 120)),
    Setting("PORCHLIGHT_UNCLAIMED_SECONDS", "unclaimed_seconds", readings.whole(10, 3600)),
    Setting("PORCHLIGHT_LADDER_SECONDS", "ladder_seconds", readings.whole(20, 3600)),
    Setting("PORCHLIGHT_UNANSWERED_SECONDS", "unanswered_seconds", readings.whole(10, 3600)),
    Setting("PORCHLIGHT_UNANSWERED_TELL_SECONDS", "unanswered_tell_seconds", readings.whole(20, 3600)),
    Setting("PORCHLIGHT_ALERT_SMTP_URL", "alert_smtp_url", readings.smtp_url, secret=True),
    Setting("PORCHLIGHT_ALERT_WEBHOOK_URL", "alert_webhook_url", readings.webhook_url, secret=True),
    Setting("PORCHLIGHT_ALERT_COMMAND", "alert_command", readings.command),
    Setting("PORCHLIGHT_DIGEST_TO", "digest_to", readings.mailboxes),
    Setting("PORCHLIGHT_DIGEST_MINUTES", "digest_minutes", readings.whole(60, 24 * 60)),
    Setting("PORCHLIGHT_FILES_MIB", "files_mib", readings.whole(16, 1_000_000)),
    Setting("PORCHLIGHT_OPENINGS_AN_HOUR", "openings_an_hour", readings.whole(5, 10_000)),
    Setting("PORCHLIGHT_CLAMD", "clamd", readings.scanner),
    Setting("PORCHLIGHT_MAX_REQUESTS_AT_ONCE", "max_requests_at_once", readings.whole(8, 100_000)),
    Setting("PORCHLIGHT_LOG_LEVEL", "log_level", readings.log_level),
)
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
    return _checked(Settings(**values))


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


def _checked(settings: Settings) -> Settings:
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
    data, keys = settings.data_dir, settings.keys_dir
    if keys == data or data in keys.parents or keys in data.parents:
        raise BadSetting("The keys folder and the data folder must lie apart; a copy of one must not bring the other.")
    return settings


def from_process(given: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """The settings of this process; the one place that looks at its environment."""
    return read_settings(os.environ, file=file, given=given)

"""Lists every setting by its name: which field it fills, and how its text is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from i18n.engines import CLOUDS
from i18n.languages import DESK_TAGS
from portal import readings
from portal.operation import given


@dataclass(frozen=True)
class Setting:
    """One line of the table below: how it is called, which field it fills, how it is read."""

    name: str
    field: str
    read: Callable[[str], Any]
    secret: bool = False


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
    Setting("PORCHLIGHT_NEWSLETTER_URL", "newsletter_url", readings.link),
    Setting("PORCHLIGHT_MEDIA_CONTACT", "media_contact", readings.words),
    Setting("PORCHLIGHT_ORIGINAL", "original", readings.one_of(*DESK_TAGS)),
    Setting("PORCHLIGHT_WRAP_UP_MINUTES", "wrap_up_minutes", readings.whole(1, 24 * 60)),
    Setting("PORCHLIGHT_CHAT_CAPACITY", "chat_capacity", readings.whole(1, 20)),
    Setting("PORCHLIGHT_ON_CALL_CAPACITY", "on_call_capacity", readings.whole(1, 20)),
    Setting("PORCHLIGHT_HEAVY_PLACES", "heavy_places", readings.whole(1, 5)),
    Setting("PORCHLIGHT_HARD_WRAP_UP_MINUTES", "hard_wrap_up_minutes", readings.whole(0, 60)),
    Setting("PORCHLIGHT_COMEBACK_HOURS", "comeback_hours", readings.whole(1, 48)),
    Setting("PORCHLIGHT_CHOICE_MINUTES", "choice_minutes", readings.whole(1, 120)),
    Setting("PORCHLIGHT_SILENT_MINUTES", "silent_minutes", readings.whole(10, 120)),
    Setting("PORCHLIGHT_KEPT_DAYS", "kept_days", readings.whole(1, 3650)),
    Setting("PORCHLIGHT_RECORD_DAYS", "record_days", readings.whole(30, 3650)),
    Setting("PORCHLIGHT_CASE_DAYS", "case_days", readings.whole(30, 3650)),
    Setting("PORCHLIGHT_CASE_PEOPLE_DAYS", "case_people_days", readings.whole(30, 3650)),
    Setting("PORCHLIGHT_CASE_NAMES_DAYS", "case_names_days", readings.whole(7, 3650)),
    Setting("PORCHLIGHT_REQUEST_DAYS", "request_days", readings.days_by_kind),
    Setting("PORCHLIGHT_REQUEST_KEPT_DAYS", "request_kept_days", readings.whole(30, 3650)),
    Setting("PORCHLIGHT_SHEET_DAYS", "sheet_days", readings.whole(90, 3650)),
    Setting("PORCHLIGHT_SHARED_CHECK_DAYS", "shared_check_days", readings.whole(1, 365)),
    Setting("PORCHLIGHT_DIRECTORY_DAYS", "directory_days", readings.whole(7, 3650)),
    Setting("PORCHLIGHT_REFERRAL_DAYS", "referral_days", readings.whole(30, 3650)),
    Setting("PORCHLIGHT_PUBLIC_DIRECTORY", "public_directory", readings.one_of("on", "off")),
    Setting("PORCHLIGHT_SMALL_COUNT", "small_count", readings.whole(3, 100)),
    Setting("PORCHLIGHT_PUBLIC_FIGURES", "public_figures", readings.one_of("on", "off")),
    Setting("PORCHLIGHT_PARTNER_GROUP", "partner_group", readings.whole(5, 100)),
    Setting("PORCHLIGHT_KEY_BACKUP_DAYS", "key_backup_days", readings.whole(1, 365)),
    Setting("PORCHLIGHT_TIP_DAYS", "tip_days", readings.whole(60, 3650)),
    Setting("PORCHLIGHT_TIP_NUMBER_DAYS", "tip_number_days", readings.whole(0, 3650)),
    Setting("PORCHLIGHT_TIP_WARNING_DAYS", "tip_warning_days", readings.whole(28, 180)),
    Setting("PORCHLIGHT_DESK_IDLE_MINUTES", "desk_idle_minutes", readings.whole(6, 60)),
    Setting("PORCHLIGHT_DESK_HOURS", "desk_hours", readings.whole(2, 12)),
    Setting("PORCHLIGHT_SECOND_PROOF", "second_proof", readings.roles),
    Setting("PORCHLIGHT_SECOND_PROOF_DAYS", "second_proof_days", readings.whole(0, 90)),
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
    Setting("PORCHLIGHT_OWN_CHAT_MINUTES", "own_chat_minutes", readings.whole(0, 24 * 60)),
    Setting("PORCHLIGHT_FILES_MIB", "files_mib", readings.whole(16, 1_000_000)),
    Setting("PORCHLIGHT_OPENINGS_AN_HOUR", "openings_an_hour", readings.whole(5, 10_000)),
    Setting("PORCHLIGHT_READING_MINUTES", "reading_minutes", readings.whole(0, 720)),
    Setting("PORCHLIGHT_KEY_OVERDUE_DAYS", "key_overdue_days", readings.whole(1, 60)),
    Setting("PORCHLIGHT_CLAMD", "clamd", readings.scanner),
    Setting("PORCHLIGHT_TRANSLATION_URL", "translation_url", str),
    Setting("PORCHLIGHT_TRANSLATION_HOSTS", "translation_hosts", readings.hosts),
    Setting("PORCHLIGHT_TRANSLATION_CA", "translation_ca", readings.file),
    Setting("PORCHLIGHT_TRANSLATION_KEY", "translation_key", readings.words, secret=True),
    Setting("PORCHLIGHT_TRANSLATION_CLOUD", "translation_cloud", readings.one_of(*CLOUDS)),
    Setting("PORCHLIGHT_LANGUAGE_GUESS", "language_guess", readings.one_of("on", "off")),
    Setting("PORCHLIGHT_MAX_REQUESTS_AT_ONCE", "max_requests_at_once", readings.whole(8, 100_000)),
    Setting("PORCHLIGHT_LOG_LEVEL", "log_level", readings.log_level),
    Setting("PORCHLIGHT_LOG_FORMAT", "log_format", readings.one_of(*given.LOG_FORMATS)),
    Setting("PORCHLIGHT_METRICS", "metrics", given.private_place),
    Setting("PORCHLIGHT_CERTIFICATE", "certificate", given.certificate),
)

BY_FIELD = {setting.field: setting for setting in TABLE}

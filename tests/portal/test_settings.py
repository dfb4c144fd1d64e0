"""Settings are read from three places, refused with a sentence, and documented without a gap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.settings import SETTINGS_FILE, BadSetting, Secret, Settings, read_settings
from portal.settings_table import TABLE
from tests.support.source import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "settings.md"


def test_nothing_has_to_be_set() -> None:
    settings = read_settings({})

    assert settings.public_origin == "http://127.0.0.1:8000"
    assert settings.desk_origin == "http://localhost:8001"
    assert settings.exit_url("ar") == "https://www.wikipedia.org/"
    assert not settings.joins


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("# ours\nPORCHLIGHT_PORT = 1001\nPORCHLIGHT_DESK_PORT=1002\n\nPORCHLIGHT_WORKERS = 3\n")
    settings = read_settings(
        {SETTINGS_FILE: str(file), "PORCHLIGHT_PORT": "2001", "PORCHLIGHT_DESK_PORT": "2002"},
        given={"PORCHLIGHT_PORT": "3001"},
    )

    assert (settings.port, settings.desk_port, settings.workers) == (3001, 2002, 3)


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "address"
    file.write_text("redis://porch:canary@127.0.0.1:1\n")
    settings = read_settings({"REDIS_URL_FILE": str(file), "EMBER_URL": "redis://127.0.0.1:2"})

    assert settings.redis_url is not None
    assert settings.redis_url.reveal() == "redis://porch:canary@127.0.0.1:1"
    assert settings.joins


def test_a_secret_never_shows_itself() -> None:
    settings = read_settings({"REDIS_URL": "redis://porch:canary@a:1", "EMBER_URL": "redis://porch:canary@b:1"})

    assert "canary" not in f"{settings!r} {settings!s} {settings.redis_url!r} {settings.redis_url!s}"
    with pytest.raises(BadSetting) as refused:
        read_settings({"REDIS_URL": "http://porch:canary@a"})
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    "environment",
    [
        {"PORCHLIGHT_PORT": "eight"},
        {"PORCHLIGHT_PORT": "0"},
        {"PORCHLIGHT_PORT": "65536"},
        {"PORCHLIGHT_PORT": "٨٠٠٠"},
        {"PORCHLIGHT_DESK_PORT": "-1"},
        {"PORCHLIGHT_PORT": "8001"},
        {"PORCHLIGHT_WORKERS": "0"},
        {"PORCHLIGHT_WORKERS": "1.5"},
        {"PORCHLIGHT_HOST": "a b"},
        {"PORCHLIGHT_DESK_HOST": "http://localhost"},
        {"PORCHLIGHT_PUBLIC_ORIGIN": "https://talk.example/"},
        {"PORCHLIGHT_PUBLIC_ORIGIN": "https://me@talk.example"},
        {"PORCHLIGHT_DESK_ORIGIN": "desk.example"},
        {"PORCHLIGHT_PUBLIC_ORIGIN": "https://a.example", "PORCHLIGHT_DESK_ORIGIN": "https://a.example"},
        {"PORCHLIGHT_EXIT_URLS": "http://weather.example/"},
        {"PORCHLIGHT_EXIT_URLS": "javascript:alert(1)"},
        {"PORCHLIGHT_EXIT_URLS": "https://weather.example/;form-action"},
        {"PORCHLIGHT_EXIT_URLS": "fr=meteo.example"},
        {"PORCHLIGHT_PHONE_LINE": "5" * 121},
        {"PORCHLIGHT_ORGANISATION": "two\nlines"},
        {"PORCHLIGHT_WRAP_UP_MINUTES": "0"},
        {"PORCHLIGHT_CHAT_CAPACITY": "many"},
        {"PORCHLIGHT_MAX_REQUESTS_AT_ONCE": "1"},
        {"PORCHLIGHT_LOG_LEVEL": "loud"},
        {"PORCHLIGHT_UNCLAIMED_SECONDS": "9"},
        {"PORCHLIGHT_LADDER_SECONDS": "soon"},
        {"PORCHLIGHT_ALERT_SMTP_URL": "smtps://mail.example"},
        {"PORCHLIGHT_ALERT_SMTP_URL": "https://mail.example?from=desk@example.org"},
        {"PORCHLIGHT_ALERT_SMTP_URL": "smtp://mail.example?from=desk@example.org%0aBcc:x@y"},
        {"PORCHLIGHT_ALERT_SMTP_URL": "smtp://mail.example:mail?from=desk@example.org"},
        {"PORCHLIGHT_ALERT_WEBHOOK_URL": "http://hook.example/alert"},
        {"PORCHLIGHT_ALERT_WEBHOOK_URL": "https://name:word@hook.example/alert"},
        {"PORCHLIGHT_ALERT_COMMAND": "call-somebody"},
        {"PORCHLIGHT_ALERT_COMMAND": "/nowhere/at/all"},
        {"PORCHLIGHT_ALERT_COMMAND": "/bin/sh 'unfinished"},
        {"DATABASE_URL": "sqlite:///relative.db"},
        {"DATABASE_URL": "mysql://localhost/porchlight"},
        {"DATABASE_URL": "postgresql://localhost/"},
        {"DATABASE_URL": "postgresql://localhost/porch/light"},
        {"DATABASE_URL": "postgresql:///porchlight"},
        {"DATABASE_URL": "postgresql://localhost:many/porchlight"},
        {"DATABASE_URL": "postgresql://one,two/porchlight?sslmode=verify-full"},
        {"DATABASE_URL": "postgresql://rows.example/porchlight"},
        {"DATABASE_URL": "postgresql://rows.example/porchlight?sslmode=require"},
        {"DATABASE_URL": "postgresql://rows.example/porchlight?sslmode=verify-full&sslmode=disable"},
        {"DATABASE_URL": "postgresql://me@rows.example@localhost/porchlight"},
        {"DATABASE_URL": "postgresql://localhost/porchlight?host=rows.example"},
        {"DATABASE_URL": "postgresql://localhost/porchlight?synchronous_commit=off"},
        {"DATABASE_URL": "postgresql://localhost/porchlight?sslmode"},
        {"DATABASE_URL": "postgresql://[::1/porchlight"},
        {"DATABASE_URL_FILE": "/nowhere/at/all"},
        {"REDIS_URL": "redis://127.0.0.1:1"},
        {"EMBER_URL": "redis://127.0.0.1:1"},
        {"REDIS_URL": "redis://127.0.0.1:1", "EMBER_URL": "redis://127.0.0.1:1"},
        {"REDIS_URL": "memcached://a", "EMBER_URL": "redis://127.0.0.1:1"},
        {"REDIS_URL": "redis://a", "REDIS_URL_FILE": "/nowhere", "EMBER_URL": "redis://b"},
        {"REDIS_URL_FILE": "/nowhere/at/all", "EMBER_URL": "redis://b"},
        {"PORCHLIGHT_DATA_DIR": "/etc/hostname"},
        {"PORCHLIGHT_DATA_DIR": "/srv/a", "PORCHLIGHT_KEYS_DIR": "/srv/a/keys"},
        {"PORCHLIGHT_DATA_DIR": "/srv/a", "PORCHLIGHT_KEYS_DIR": "/srv/a"},
        {"PORCHLIGHT_DATA_DIR": "/srv/a/data", "PORCHLIGHT_KEYS_DIR": "/srv/a"},
        {"PORCHLIGHT_TRANSLATION_URL": "https://libretranslate.com"},
        {"PORCHLIGHT_TRANSLATION_URL": "http://127.0.0.1:5000", "PORCHLIGHT_TRANSLATION_CLOUD": "google"},
        {"PORCHLIGHT_TRANSLATION_HOSTS": "a/b"},
        {"PORCHLIGHT_TRANSLATION_CA": "/nowhere/at/all"},
        {"PORCHLIGHT_TRANSLATION_CLOUD": "deepl"},
        {"PORCHLIGHT_TRANSLATION_CLOUD": "somebody"},
        {"PORCHLIGHT_PROT": "8000"},
        {SETTINGS_FILE: "/nowhere/at/all"},
    ],
    ids=lambda environment: " ".join(f"{name}={text}" for name, text in environment.items()).replace("\n", " "),
)
def test_a_value_that_cannot_be_used_is_refused_with_one_sentence(environment: dict[str, str]) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings(environment)

    said = str(refused.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert any(name in said for name in (*environment, "port", "origin", "folder", "file", "two servers"))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:///porchlight?host=/run/postgresql",
        "postgresql://porch:word@/porchlight?host=/run/postgresql",
        "postgres://porch:a%40b@localhost:5433/porchlight",
        "postgresql://porch@[::1]/porchlight?sslmode=disable",
        "postgresql://porch:word@rows.example/porchlight?sslmode=verify-full&sslrootcert=/etc/ssl/ours.pem",
    ],
)
def test_rows_may_be_kept_by_a_server_here_or_by_tls(address: str) -> None:
    assert read_settings({"DATABASE_URL": address}).database_place == Secret(address)


def test_rows_are_kept_in_a_file_where_nothing_else_is_said() -> None:
    assert read_settings({}).database_place == read_settings({}).data_dir / "porchlight.db"
    assert read_settings({"DATABASE_URL": "sqlite:////srv/rows.db"}).database_place == Path("/srv/rows.db")


def test_the_password_of_the_database_is_never_shown() -> None:
    settings = read_settings({"DATABASE_URL": "postgresql://porch:canary@localhost/porchlight"})
    assert "canary" not in f"{settings!r} {settings.database_place!r} {settings.database_place!s}"

    with pytest.raises(BadSetting) as refused:
        read_settings({"DATABASE_URL": "postgresql://porch:canary@rows.example/porchlight"})
    assert "canary" not in str(refused.value)
    assert "verify-full" in str(refused.value)


def test_a_line_of_the_file_that_says_nothing_is_refused_by_its_number(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("PORCHLIGHT_PORT = 1001\nPORCHLIGHT_WORKERS\n")

    with pytest.raises(BadSetting, match="Line 2"):
        read_settings({}, file=file)


def test_each_language_may_have_a_neutral_page_of_its_own() -> None:
    settings = read_settings(
        {"PORCHLIGHT_EXIT_URLS": "https://weather.example/now fr=https://meteo.example/ es-MX=https://clima.example/"}
    )

    assert settings.exit_url("fr") == "https://meteo.example/"
    assert settings.exit_url("fr-CA") == "https://meteo.example/"
    assert settings.exit_url("es-MX") == "https://clima.example/"
    assert settings.exit_url("es") == "https://weather.example/now"
    assert settings.exit_origins == ("https://clima.example", "https://meteo.example", "https://weather.example")


def test_an_address_of_six_groups_is_written_in_brackets() -> None:
    assert Settings(host="::1", port=9000).public_origin == "http://[::1]:9000"


def documented() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE))


def test_the_document_lists_every_setting_and_no_other() -> None:
    assert documented() == {setting.name for setting in TABLE} | {SETTINGS_FILE}


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_the_document_gives_the_value_that_stands_when_nothing_is_set(setting: object) -> None:
    name, field = setting.name, setting.field  # type: ignore[attr-defined]
    row = next(line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith(f"| `{name}`"))
    said = row.split("|")[2].strip()
    value = getattr(Settings(), field)

    match value:
        case Path():
            assert said == f"`{value.name}`"
        case int():
            assert said == f"`{value}`"
        case str() if value.startswith("http"):
            assert said == "from host and port"
        case str() if value:
            assert said == f"`{value}`"
        case None | "" | () | Secret():
            assert not said.startswith("`")
        case tuple():
            assert said == f"`{' '.join(value)}`"
        case _:
            assert said == f"`{value['']}`"


def test_every_secret_may_be_kept_in_a_file() -> None:
    text = DOCUMENT.read_text("utf-8")

    assert all(f"`{setting.name}_FILE`" in text for setting in TABLE if setting.secret)

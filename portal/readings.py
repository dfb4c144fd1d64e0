"""Reads the text of one setting into its value, or says in a few words what it must be."""

import os
import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qs, urlsplit

from portal.library.links import checked_link
from portal.privacy.kinds import DAYS, Kind, written_days
from portal.staff.rights import Role

DEFAULT_EXIT_URL = "https://www.wikipedia.org/"
LOG_LEVELS = ("debug", "info", "warning", "error")

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# For trying the exit out without a certificate.
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_DATABASE_WORDS = {"host", "sslmode", "sslrootcert", "sslcert", "sslkey"}
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:]{2,45}")


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """A reader of whole numbers from ``lowest`` to ``highest``."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(text)

    return read


def folder(text: str) -> Path:
    """A folder's full path; it need not exist yet."""
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("must be a folder, and there is a file in its place")
    return path


def host(text: str) -> str:
    """A host name, an IPv4 or an IPv6 address."""
    if not _HOST.fullmatch(text):
        raise ValueError("must be a host name or an address")
    return text


def hosts(text: str) -> tuple[str, ...]:
    """Host names or addresses, with blanks between."""
    if not all(_HOST.fullmatch(each) for each in text.split()):
        raise ValueError("must be host names or addresses with blanks between them")
    return tuple(text.split())


def file(text: str) -> Path:
    """The full path of a file that is there."""
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise ValueError("must be a file that is there")
    return path


def one_of(*names: str) -> Callable[[str], str]:
    """A reader of one of ``names``."""

    def read(text: str) -> str:
        if text not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return text

    return read


def days_by_kind(text: str) -> tuple[str, ...]:
    """Days until each kind of request is answered, like "police=3 access=30"; what is not named keeps its own."""
    days: dict[Kind, int] = dict(DAYS)
    for part in text.split():
        name, _, number = part.partition("=")
        kind = next((each for each in DAYS if each == name), None)
        if kind is None or not number.isascii() or not number.isdecimal() or not 1 <= int(number) <= 90:
            raise ValueError(f"must be kinds with days from 1 to 90, like access=30; the kinds are {', '.join(DAYS)}")
        days[kind] = int(number)
    return written_days(days)


def roles(text: str) -> tuple[str, ...]:
    """Names of roles with blanks between, or "nobody"."""
    if text == "nobody":
        return ()
    if not set(text.split()) <= {role.value for role in Role}:
        raise ValueError(f"must be nobody, or some of {', '.join(role.value for role in Role)} with blanks between")
    return tuple(dict.fromkeys(text.split()))


def origin(text: str) -> str:
    """Scheme, host and port of a site, nothing behind."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or text != origin_of(text) or "@" in parts.netloc:
        raise ValueError("must be an origin like https://talk.example, without a path")
    return text


def valkey_url(text: str) -> str:
    """The address of a Valkey or Redis server."""
    # Loaded here: it brings the client's library, which most readings have no use for.
    from portal.store.placing import read_place

    read_place(text)
    return text


def database_url(text: str) -> str:
    """The address of a database file, or of a PostgreSQL database: by a socket, on this machine, or by TLS."""
    if text.startswith("sqlite:////"):
        return text
    try:
        parts = urlsplit(text)
        asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True) if parts.query else {}
        hosts = [each for each in (parts.hostname, *asked.get("host", [])) if each]
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        parts, asked, hosts, has_port = urlsplit(""), {}, [], False
    is_whole = (
        parts.scheme in ("postgresql", "postgres")
        and re.fullmatch(r"/[^/]+", parts.path)
        and len(hosts) == 1
        and "," not in hosts[0]
        and parts.netloc.count("@") <= 1
        and not parts.fragment
        and set(asked) <= _DATABASE_WORDS
        and all(len(said) == 1 for said in asked.values())
        and has_port
    )
    if not is_whole:
        raise ValueError(
            "must be an address like sqlite:////var/lib/porchlight/porchlight.db, with a full path, or "
            "postgresql://name:password@host/database"
        )
    is_near = hosts[0].startswith("/") or hosts[0] in THIS_MACHINE
    if not is_near and asked.get("sslmode") != ["verify-full"]:
        raise ValueError("must end with ?sslmode=verify-full, for the server is not on this machine")
    return text


def exit_urls(text: str) -> Mapping[str, str]:
    """The neutral pages: one for everybody (key ""), and ``language=address`` for some."""
    urls: dict[str, str] = {}
    for word in text.split():
        language, found, url = word.partition("=")
        if not found or not _LANGUAGE.fullmatch(language):
            language, url = "", word
        parts = urlsplit(url)
        is_near = parts.scheme == "http" and parts.hostname in THIS_MACHINE
        if (
            not (parts.scheme == "https" or is_near)
            or not parts.netloc
            or "@" in parts.netloc
            or re.search(r"[;,'\"\\]", url)
        ):
            raise ValueError("must be https:// addresses: one for everybody, then language=address for others")
        urls[language] = url
    urls.setdefault("", DEFAULT_EXIT_URL)
    return MappingProxyType(urls)


def scanner(text: str) -> str:
    """Where a virus scanner listens: a socket's full path, or a port of this machine."""
    name, _, port = text.rpartition(":")
    is_near = name.strip("[]") in THIS_MACHINE and re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65536
    if not (re.fullmatch(r"/[^\0]{1,100}", text) or is_near):
        raise ValueError("must be a socket's full path, or a port of this machine like 127.0.0.1:3310")
    return text


def smtp_url(text: str) -> str:
    """A mail server that alerts go through, and whom they come from."""
    parts = urlsplit(text)
    sender = parse_qs(parts.query).get("from", [""])[0]
    if parts.scheme not in ("smtp", "smtps") or not _has_host(parts) or not _MAILBOX.fullmatch(sender):
        raise ValueError("must be an address like smtps://name:password@mail.example?from=desk@example.org")
    return text


def webhook_url(text: str) -> str:
    """Where alerts are posted: by TLS, or on this machine."""
    parts = urlsplit(text)
    is_near = parts.scheme == "http" and parts.hostname in THIS_MACHINE
    if not (parts.scheme == "https" or is_near) or not _has_host(parts) or "@" in parts.netloc:
        raise ValueError("must be an address that begins with https://, without a name or password in it")
    return text


def command(text: str) -> str:
    """A command line, by the full path of a program that is there."""
    try:
        program = shlex.split(text)[0]
    except (ValueError, IndexError):
        program = ""
    if not program.startswith("/") or not os.access(program, os.X_OK):
        raise ValueError("must be the full path of a program that can be run, and what it is told")
    return text


def mailbox(text: str) -> str:
    """The address of a mailbox."""
    if not _MAILBOX.fullmatch(text):
        raise ValueError("must be an address like desk@example.org")
    return text


def mailboxes(text: str) -> tuple[tuple[str, str], ...]:
    """Mailboxes, each with the language it is written to in: ``desk@example.org fr=equipe@example.org``."""
    found = []
    for word in text.split():
        tag, is_named, box = word.partition("=")
        if not is_named:
            tag, box = "en", word
        if tag not in ("en", "fr") or not _MAILBOX.fullmatch(box):
            raise ValueError("must be mailboxes like desk@example.org, or fr=equipe@example.org")
        found.append((tag, box))
    if len(found) > 10:
        raise ValueError("must be at most ten mailboxes")
    return tuple(found)


def link(text: str) -> str:
    """An address that a public page may lead to."""
    return checked_link(text)


def words(text: str) -> str:
    """A short line of text."""
    if len(text) > 120 or not text.isprintable():
        raise ValueError("must be at most 120 letters on one line")
    return text


def log_level(text: str) -> str:
    """How much is logged."""
    if text.lower() not in LOG_LEVELS:
        raise ValueError("must be one of " + ", ".join(LOG_LEVELS))
    return text.lower()


def _has_host(parts: SplitResult) -> bool:
    try:
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # the port is no number
        return False


def origin_of(url: str) -> str:
    """Scheme, host and port of ``url``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"

"""Says whether an address may stand on a page of ours: by TLS, whole, and with nothing in it that follows a reader."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

LONGEST: Final = 300
# What campaigns and networks hang on an address to know again who came by it.
_TRACKING: Final = re.compile(
    r"utm_.*|mc_[a-z]+|mkt_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|_hs.*|ref|ref_src|si|trk",
    re.IGNORECASE,
)
_HOST: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*\.[a-z]{2,24}")
# Another page of this site, from where a page to read stands: `../numbers`, `details`.
_OWN: Final = re.compile(r"(\.\./)?[a-z0-9-]+(/[a-z0-9-]+)?")


class BadLink(ValueError):
    """An address that may not stand on a page. The text says in a few words what it must be."""


def checked_link(url: str) -> str:
    """`url`, where it may stand on a page. Raises BadLink.

    https, a host with a name, no name or password, no port, no tracking parameter, no blank or control character.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadLink("must be an address") from None
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or re.search(r"[\s\"'<>\\]", url):
        raise BadLink("must be an address without blanks or signs")
    if parts.scheme != "https" or not _HOST.fullmatch(parts.netloc) or port is not None:
        raise BadLink("must begin with https:// and name a site")
    if any(_TRACKING.fullmatch(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
        raise BadLink("must hold nothing that follows whoever opens it")
    return url


def is_own(url: str) -> bool:
    """Whether an address leads to another page of this site."""
    return _OWN.fullmatch(url) is not None

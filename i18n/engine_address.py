"""Says whether an address may be the house's own translation engine, before a word is sent there."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from typing import Final

# No userinfo, no query, no fragment, nothing that two readers of addresses could read in two ways.
_WHOLE: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?:/[A-Za-z0-9._~-]*)*"
)
_OF_ONES_OWN: Final = tuple(
    ipaddress.ip_network(each)
    for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
# Whose machines these are nobody here knows; of one of them the makers of LibreTranslate say so themselves. Not even an
# operator's own list lets them in: a company's engine is set by its name, and then the pages say whose it is.
_PUBLIC: Final = (
    "libretranslate.com",
    "libretranslate.de",
    "libretranslate.org",
    "argosopentech.com",
    "terraprint.co",
    "fedilab.app",
    "pussthecat.org",
    "vern.cc",
    "cutie.dating",
    "flossboxin.org.in",
    "astian.org",
    "googleapis.com",
    "google.com",
    "deepl.com",
    "microsofttranslator.com",
)


def checked_address(address: str, allowed: Collection[str] = ()) -> str:
    """`address` without a slash at its end, when it is a machine of the house's own or a host in `allowed`.

    A loopback or private address may be spoken to in clear, and so may an allowed name without a dot, as containers
    have; any other host only by TLS. Raises ValueError with the end of a sentence that does not repeat the address.
    """
    parts = _WHOLE.fullmatch(address)
    if parts is None or not 0 < int(parts["port"] or 1) < 65536:
        raise ValueError("must be an address like http://127.0.0.1:5000, without name, password or question in it")
    host = parts["host"].strip("[]").rstrip(".").lower()
    if any(host == known or host.endswith(f".{known}") for known in _PUBLIC):
        raise ValueError("names a public service; the words of those who ask for help would go to strangers")
    if not _is_own(host):
        if host not in {each.lower() for each in allowed}:
            raise ValueError("must be here, in this network, or on a host of PORCHLIGHT_TRANSLATION_HOSTS")
        if parts["scheme"] == "http" and "." in host:
            raise ValueError("must begin with https://, for the host is not in this machine's own network")
    return address.rstrip("/")


def _is_own(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(found in network for network in _OF_ONES_OWN)

"""The security headers of both faces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

Face = Literal["public", "desk"]
Headers = tuple[tuple[bytes, bytes], ...]

_DENIED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone")


def security_headers(face: Face, origin: str, exit_origins: Iterable[str] = ()) -> Headers:
    """The headers that go on every answer of a face, error and static file included.

    `origin` is that face's own, e.g. `https://example.org`. `exit_origins` are the neutral sites a person may be sent
    to: with `'self'` alone Chromium refuses the redirect of an exit form and stays on our page.
    """
    headers = {
        "content-security-policy": _content_policy(face, origin, exit_origins),
        # The desk checks exact origins, which `no-referrer` would blank out of its own forms.
        "referrer-policy": "no-referrer" if face == "public" else "same-origin",
        "x-content-type-options": "nosniff",
        "permissions-policy": ", ".join(f"{feature}=()" for feature in _DENIED),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        # Over plain http Chromium would look up the neutral site's name before anybody leaves.
        "x-dns-prefetch-control": "off",
    }
    if face == "desk":
        headers["x-robots-tag"] = "noindex, nofollow, noarchive"
    if origin.startswith("https://"):
        headers["strict-transport-security"] = "max-age=63072000"
    return tuple((name.encode(), value.encode("ascii")) for name, value in headers.items())


def framing_policy(origin: str, exit_origins: Iterable[str], *, part: Literal["holds", "held"]) -> str:
    """The content policy of a public page that holds frames of ours, or that is held in one. No other page may be."""
    return _content_policy("public", origin, exit_origins, part)


def showing_policy(origin: str) -> str:
    """The content policy of a desk page that holds one frame of ours, in which a picture is shown."""
    return _content_policy("desk", origin, (), "holds")


def held_policy(origin: str) -> str:
    """The content policy of a desk page that stands in a frame of ours."""
    return _content_policy("desk", origin, (), "held")


PICTURE_POLICY: Final = (
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)
"""Of a frame with a stranger's picture, and of its copy: an origin of its own, which is nobody's, and no script."""

SOUND_POLICY: Final = PICTURE_POLICY.replace("img-src", "media-src")
"""The same of a frame with a stranger's recording."""

FILE_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""Of a file that is handed over to be kept: should a browser show it all the same, it may do nothing."""


def _content_policy(
    face: Face, origin: str, exit_origins: Iterable[str], part: Literal["", "holds", "held"] = ""
) -> str:
    # Reports would send a visitor's address and page somewhere: there is no report-uri, and a test says so.
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": f"'self' {websocket_origin(origin)}",
        "form-action": " ".join(("'self'", *sorted(set(exit_origins)))),
        "frame-ancestors": "'self'" if part == "held" else "'none'",
        "base-uri": "'none'",
    }
    if part == "holds":
        policy["frame-src"] = "'self'"
    if face == "desk":
        # Nothing on the desk turns text into markup; the browser itself then refuses whoever tries.
        policy["require-trusted-types-for"] = "'script'"
        policy["trusted-types"] = "'none'"
    return "; ".join(f"{directive} {value}" for directive, value in policy.items())


def websocket_origin(origin: str) -> str:
    """The websocket address space of an http origin: `https://a.example` -> `wss://a.example`."""
    return "ws" + origin.removeprefix("http")

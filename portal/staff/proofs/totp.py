"""Makes and reads the six digits of an authenticator app (TOTP, RFC 6238), by pyotp."""

import base64
import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp
import segno

DIGITS: Final = 6
STEP_S: Final = 30
WINDOW: Final = 1  # steps either way: a phone's clock, and the time a hand takes
SECRET_BYTES: Final = 20  # RFC 4226, requirement 6: at least 16, better 20


def new_secret() -> bytes:
    """A fresh secret."""
    return secrets.token_bytes(SECRET_BYTES)


def spelled(secret: bytes) -> str:
    """The secret as an app takes it typed: base32."""
    return base64.b32encode(secret).decode()


def address(secret: bytes, house: str, name: str) -> str:
    """What an app reads from the picture."""
    return pyotp.TOTP(spelled(secret)).provisioning_uri(name=name, issuer_name=house)


def picture(text: str) -> tuple[int, str]:
    """The same as a square of dots (a QR code): how many on a side, and the path of an SVG that draws the dark ones."""
    matrix = segno.make_qr(text, error="m").matrix
    dark = [(across, down) for down, line in enumerate(matrix) for across, is_dark in enumerate(line) if is_dark]
    return len(matrix), "".join(f"M{across} {down}h1v1h-1z" for across, down in dark)


def step_of(secret: bytes, typed: str, at: datetime) -> int | None:
    """The step of time these digits belong to, at most one away from now; None for any others."""
    digits = "".join(sign for sign in typed[:40] if sign.isdecimal())
    digits = "".join(str(int(sign)) for sign in digits)  # typed in any script's digits
    codes, now, found = pyotp.TOTP(spelled(secret)), int(at.timestamp()), None
    for offset in range(-WINDOW, WINDOW + 1):
        moment = now + offset * STEP_S
        if hmac.compare_digest(codes.at(moment), digits):
            found = moment // STEP_S
    return found

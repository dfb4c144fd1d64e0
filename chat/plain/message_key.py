"""Names a message that is posted without script, so that nothing typed is lost and nothing is kept twice."""

import hmac
from typing import Final

KEY_BYTES: Final = 16


def message_key(page: bytes, text: str) -> bytes:
    """The client key of `text` sent from the page with this random key.

    The same page posted twice (a double tap, a browser that asks again, a try after an error) says the same message;
    other words from the same page are another one. The key of a page is new after each message that was received.
    """
    return hmac.digest(page, b"say" + text.encode(), "sha256")[:KEY_BYTES]

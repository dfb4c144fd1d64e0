"""How a web client of the tests asks this machine over plain http: past every proxy, trusting no authority."""

from __future__ import annotations

import ssl
from typing import Any, Final

# Reading the authorities' certificates takes 50 ms of a processor for each client, and a test house is asked often.
NOBODY: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

HERE: Final[dict[str, Any]] = {"trust_env": False, "verify": NOBODY}

"""Tries numbers nobody was ever given, so many a second; run as a module in a process of its own it prints what came.

Each is a number as a house would give it, so the check digits hold and the slow run is asked for.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from urllib.parse import urlencode

from portal.vault.tips import receipt_code

LINES = 120
PATIENCE_S = 60.0


async def flood(port: int, rate: float, seconds: float) -> dict[str, object]:
    """Try `rate` numbers a second over a bounded number of lines; how many were sent, and what was answered."""
    found: Counter[str] = Counter()
    took: list[float] = []
    begins = time.monotonic()
    total = int(rate * seconds)
    number = iter(range(total))

    async def one_line() -> None:
        reader = writer = None
        for at in number:
            await asyncio.sleep(max(0.0, begins + at / rate - time.monotonic()))
            if time.monotonic() > begins + seconds:
                return
            sent = time.monotonic()
            try:
                async with asyncio.timeout(PATIENCE_S):
                    if writer is None or reader is None:
                        reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(_request(port))
                    found[await _answer(reader)] += 1
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                found[type(error).__name__] += 1
                if writer is not None:
                    writer.transport.abort()
                reader = writer = None
            took.append(time.monotonic() - sent)
        if writer is not None:
            writer.close()

    await asyncio.gather(*(one_line() for _ in range(LINES)))
    lasted = time.monotonic() - begins
    return {"sent": len(took), "a_second": round(len(took) / lasted, 1), "answers": dict(found)}


def _request(port: int) -> bytes:
    body = urlencode({"number": str.__str__(receipt_code()), "p": ""}).encode()
    head = [
        "POST /en/note/back HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Sec-Fetch-Site: same-origin",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def _answer(reader: asyncio.StreamReader) -> str:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = next((line for line in head.split("\r\n") if line.lower().startswith("content-length:")), ":0")
    await reader.readexactly(int(length.partition(":")[2]))
    return head.split(" ", 2)[1]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(flood(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))))

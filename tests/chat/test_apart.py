"""Holds every command that the chat's stores send to one that a chat apart (practice, the canary) can send too."""

from __future__ import annotations

import re

from redis.asyncio import Redis

from portal.store.apart import NAMED
from tests.support.source import REPOSITORY

SENT_AS = {"delete": "DEL", "incr": "INCRBY"}
NO_COMMAND = {"pipeline"}


def test_no_command_of_the_chats_stores_breaks_off_a_chat_apart() -> None:
    """One that nobody has named ended the practice desk's line as soon as a conversation was taken."""
    stores = (REPOSITORY / "chat" / "store").glob("*.py")
    called = {name for each in stores for name in re.findall(r"(?:client|pipe)\.([a-z_]+)\(", each.read_text("utf-8"))}
    sent = {SENT_AS.get(name, name.upper()) for name in called - NO_COMMAND if hasattr(Redis, name)}

    assert {"SMISMEMBER", "ZADD"} <= sent
    assert sent - NAMED == set()

"""Reads what stands in clear about conversations: of one that is at hand, or of many in one journey."""

from collections.abc import Sequence
from typing import Any, Final

from chat.consent import read_consent
from chat.conversation import Facts
from chat.store import keys
from portal.store.valkey import Valkey

_OF_THE_TALK: Final = "state owner fence seq notes arrived tier spoken words how ended joined took".split()  # noqa: SIM905
_OF_HER_LINE: Final = ("lost", "hidden", "shown", "left", "covered", "off")
FIELDS: Final = [*_OF_THE_TALK, *_OF_HER_LINE, "mv", "ma"]


def read_facts(row: list[Any]) -> Facts | None:
    """The facts as they stand in these fields, or None when there is no such conversation."""
    if row[0] is None:
        return None
    read = dict(zip(FIELDS, row, strict=True))

    def number(name: str) -> int:
        return int(read[name] or 0)

    return Facts(
        standing=row[0].decode(),
        owner=read["owner"] or b"",
        fence=number("fence"),
        seq=number("seq"),
        notes=number("notes"),
        arrived_ms=number("arrived"),
        tier=number("tier"),
        has_spoken=read["spoken"] == b"1",
        words=number("words"),
        how=(read["how"] or b"").decode(),
        ended_ms=number("ended"),
        joined=number("joined"),
        lost_ms=None if read["lost"] is None else number("lost"),
        hidden_ms=None if read["hidden"] is None else number("hidden"),
        shown=number("shown"),
        left_ms=number("left"),
        is_held_off=read["off"] is not None,
        covered_ms=None if read["covered"] is None else number("covered"),
        took_ms=number("took"),
        hers=read_consent(read["mv"]),
        theirs=read_consent(read["ma"]),
    )


async def facts_of(client: Valkey, conversations: Sequence[bytes]) -> list[Facts | None]:
    """The facts of many. Raises `ValkeyAway`."""
    if not conversations:
        return []
    async with client.pipeline(transaction=False) as pipe:
        for conversation in conversations:
            pipe.hmget(keys.state(conversation), FIELDS)
        answers: list[list[Any]] = await pipe.execute()
    return [read_facts(row) for row in answers]

"""Takes a picture of everything a house holds, so that two pictures tell whether anything changed."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import MovedError

from chat.store.keys import ECHO, WALK
from portal.store.apart import EMBERS
from tests.support.house import House

# Whom the house calls next and when, and when the clocks of each conversation are looked at again: what stands on it is
# told, the moments move by the clock.
MOVES_BY_ITSELF = {b"{desk}:ladder", b"{desk}:quiet"}
# Passes and the list of those of one group live for a minute; where a session went when its person signed in again is
# known for two.
RUNS_OUT = {"durable": ("sm:",), "ember": ("t:", "tg:")}
# Two minutes after its start a house looks for tips that are due: it writes down that it did, and when it looks at each
# again.
ROUNDS = "table tip_rounds"
LOOKED_AT = {"tips": ("look", "step")}


@dataclass(frozen=True)
class Picture:
    """The rows of every table and the entries of both Valkeys, as digests."""

    rows: dict[str, list[str]]
    durable: dict[str, str]
    ember: dict[str, str]

    def differs_from(self, other: Picture) -> list[str]:
        """What is in one and not in the other, by name of table or key; empty when nothing changed."""
        found = [
            f"table {name}"
            for name in self.rows.keys() | other.rows.keys()
            if self.rows.get(name) != other.rows.get(name)
        ]
        for store in ("durable", "ember"):
            mine, theirs = getattr(self, store), getattr(other, store)
            found += [f"{store} {key}" for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)]
        return sorted(found)

    def differs_by_itself(self, later: Picture) -> set[str]:
        """What of that nobody did: what ran out, by its name, and its own round. Nothing that came, no change."""
        found = {ROUNDS}
        for store, kinds in RUNS_OUT.items():
            gone = getattr(self, store).keys() - getattr(later, store).keys()
            found |= {f"{store} {key}" for key in gone if key[2:].startswith(kinds)}
        return found


def picture(house: House) -> Picture:
    """Everything the house holds at this moment."""
    if house.elsewhere is not None:
        return Picture(house.elsewhere.every_row(), *map(entries_of, house.elsewhere.clients()))
    return Picture(rows(house), entries(house.valkey_url("durable")), entries(house.valkey_url("ember")))


def house_writes_to_itself_later(house: House) -> None:
    """The chats it holds with itself, which are kept and erased as anybody's, wait for an hour."""
    clients = house.elsewhere.clients()[0] if house.elsewhere else [Redis.from_url(house.valkey_url("durable"))]
    for client in clients:
        # In a Cluster one of them has these keys.
        with closing(client), suppress(MovedError):
            for key in (ECHO, WALK):
                client.set(key, b"1", ex=3_600)


def words_settle(house: House) -> None:
    """The seconds pass in which an advocate's words may be taken back: what the ember store would do by itself."""
    client = Redis.from_url(house.valkey_url("ember"), protocol=3)
    try:
        for name in client.scan_iter(match="g:*", count=1000):
            client.delete(name)
    finally:
        client.close()


def silence_has_lasted(house: House, minutes: int) -> None:
    """Everything that was said, asked or noticed in every talk lies so much further back, and its clocks are due."""
    client = Redis.from_url(house.valkey_url("durable"), protocol=3)
    try:
        for name in client.scan_iter(match="{c:*}", count=1000):
            for moment in ("spoke", "told", "sign", "asked"):
                if client.hexists(name, moment):
                    client.hincrby(name, moment, -minutes * 60_000)
        client.zunionstore("{desk}:quiet", {"{desk}:quiet": 0})
    finally:
        client.close()


def rows(house: House) -> dict[str, list[str]]:
    """Every row of every table."""
    with sqlite3.connect(f"file:{house.database}?mode=ro", uri=True) as reader:
        tables = [name for (name,) in reader.execute("select name from sqlite_master where type = 'table'")]
        found = {name: sorted(map(digest, _told(reader, name))) for name in tables}
    reader.close()
    return found


def _told(reader: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...]]:
    """The rows of a table, without when the house looks at them again."""
    told = reader.execute(f'select * from "{table}"')
    names = [column[0] for column in told.description]
    stays = [at for at, name in enumerate(names) if name not in LOOKED_AT.get(table, ())]
    return (tuple(row[at] for at in stays) for row in told)


def entries(url: str) -> dict[str, str]:
    """Every key with a digest of what it holds; how long it still lives is left out, since that changes by itself."""
    return entries_of([Redis.from_url(url, protocol=3)])


def entries_of(clients: Sequence[Redis]) -> dict[str, str]:
    """The same of a store that is spread over several servers; the tag of a Cluster's embers is no part of a name."""
    found: dict[str, str] = {}
    for client in clients:
        with closing(client):
            for key in client.scan_iter(count=1000):
                found[repr(key.removeprefix(EMBERS))] = digest(value_of(client, key))
    return found


def acts_of(house: House) -> list[str]:
    """Every act of the audit, in order."""
    asked = "select act from audit_lines order by n"
    if house.elsewhere is not None:
        return house.elsewhere.asked(asked)
    with closing(sqlite3.connect(f"file:{house.database}?mode=ro", uri=True)) as reader:
        return [act for (act,) in reader.execute(asked)]


def value_of(client: Redis, key: bytes) -> object:
    """The content of one key, whatever its kind."""
    kind = client.type(key)
    if kind == b"string":
        return client.get(key)
    if kind == b"hash":
        return sorted(dict(client.hgetall(key)).items())
    if kind == b"set":
        return sorted(set(client.smembers(key)))
    if key in MOVES_BY_ITSELF:
        return sorted(client.zrange(key, 0, -1))  # they stand in the order in which they are due
    if kind == b"zset":
        return client.zrange(key, 0, -1, withscores=True)
    if kind == b"stream":
        return client.xrange(key)
    if kind == b"list":
        return client.lrange(key, 0, -1)
    return None


def digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "surrogateescape")).hexdigest()[:16]

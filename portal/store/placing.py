"""Reads the address of a store: one server, a primary that Sentinels name, or a Cluster."""

from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import (
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
)
from redis.backoff import NoBackoff

Kind = Literal["one", "sentinel", "cluster"]
Node = tuple[str, int]

SENTINEL_PORT: Final = 26379
PORT: Final = 6379
MOST_COPIES: Final = 5
ASKS_A_SENTINEL_S: Final = 0.5
"""For so long one Sentinel is asked where the primary is, before the next one is."""

_KINDS: Final[dict[str, Kind]] = {"sentinel": "sentinel", "cluster": "cluster"}
_EXAMPLES: Final = (
    "must be an address that begins with redis://, rediss:// or unix://, or like "
    "redis+sentinel://one:26379,two:26379,three:26379/name or redis+cluster://one:6379,two:6379"
)


@dataclass(frozen=True, repr=False)
class Place:
    """Where a store is. `copies`: so many replicas have a word before it counts as kept."""

    kind: Kind
    nodes: tuple[Node, ...]
    name: str  # what Sentinels call the primary
    copies: int
    _url: str  # of one server; of many what each address begins with
    _query: str
    _sentinel_password: str

    @property
    def is_many(self) -> bool:
        """Whether another server may take the place of the one that is asked."""
        return self.kind != "one"

    def url_of(self, node: Node) -> str:
        """The address of one server of them."""
        host, port = node
        return f"{self._url}{f'[{host}]' if ':' in host else host}:{port}/{self._query}"

    def pool(self, node: Node | None = None, **told: Any) -> ConnectionPool:
        """How connections are made: to this server of a Cluster, to the primary of the moment, or to the one there is.

        `told` as redis' own connections take it. Nothing is opened here.
        """
        told = {"retry": Retry(NoBackoff(), 0), "decode_responses": False, **told}
        if node is not None:
            return ConnectionPool.from_url(self.url_of(node), **told)
        if self.kind == "sentinel":
            return SentinelConnectionPool(self.name, self.sentinels(), **self._of_each(told))  # type: ignore[no-untyped-call]
        return ConnectionPool.from_url(self._url, **told)

    def sentinels(self) -> Sentinel:
        """Whoever knows which server is the primary."""
        kwargs: dict[str, Any] = {
            "socket_timeout": ASKS_A_SENTINEL_S,
            "socket_connect_timeout": ASKS_A_SENTINEL_S,
            "retry": Retry(NoBackoff(), 0),
        }
        if self._sentinel_password:
            kwargs["password"] = self._sentinel_password
        if self._url.startswith("rediss"):
            kwargs |= {name: value for name, value in self._of_each({}).items() if name.startswith("ssl_")}
            kwargs["ssl"] = True
        return Sentinel(list(self.nodes), sentinel_kwargs=kwargs)  # type: ignore[no-untyped-call]

    def _of_each(self, told: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = dict(parse_url(self.url_of(self.nodes[0])))
        for name in ("host", "port", "connection_class"):
            found.pop(name, None)
        by_tls = self._url.startswith("rediss")
        found["connection_class"] = SentinelManagedSSLConnection if by_tls else SentinelManagedConnection
        return found | told


async def let_go(pool: ConnectionPool) -> None:
    """Close what a pool asks Sentinels on; of any other there is nothing."""
    if isinstance(pool, SentinelConnectionPool):
        for each in pool.sentinel_manager.sentinels:
            await put_away(each.connection_pool)


async def put_away(pool: ConnectionPool) -> None:
    """Close every connection of a pool, without waiting for any.

    The library waits for each in a task of its own: whoever is cancelled, and closes on her way out, would be cancelled
    in that wait again, and leave them open.
    """
    for each in (*pool._available_connections, *pool._in_use_connections):
        await each.disconnect(nowait=True)


def read_place(text: str) -> Place:
    """The place an address names. Raises ValueError with what it must be."""
    parts = urlsplit(text)
    scheme, plus, kind = parts.scheme.partition("+")
    if scheme not in ("redis", "rediss", "unix") or (plus and (scheme == "unix" or kind not in _KINDS)):
        raise ValueError(_EXAMPLES)
    if not plus:
        if not (parts.netloc or parts.path):
            raise ValueError(_EXAMPLES)
        return Place("one", (), "", 0, text, "", "")
    return _many(_KINDS[kind], scheme, parts)


def _many(kind: Kind, scheme: str, parts: SplitResult) -> Place:
    account, at, hosts = parts.netloc.rpartition("@")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    copies, password = asked.pop("copies", "1"), asked.pop("sentinel_password", "")
    name = unquote(parts.path.strip("/"))
    if not copies.isascii() or not copies.isdigit() or int(copies) > MOST_COPIES:
        raise ValueError(f"must say how many copies as a number from 0 to {MOST_COPIES}")
    if (kind == "sentinel") != bool(name) or "/" in name or "@" in account:
        raise ValueError(_EXAMPLES)
    port = SENTINEL_PORT if kind == "sentinel" else PORT
    return Place(
        kind,
        tuple(_node(each, port) for each in hosts.split(",")),
        name,
        int(copies),
        f"{scheme}://{account}{at}",
        f"?{urlencode(asked)}" if asked else "",
        password,
    )


def _node(text: str, port: int) -> Node:
    parts = urlsplit(f"redis://{text}")
    try:
        host, own = parts.hostname, parts.port
    except ValueError:
        host, own = None, None
    if not host or parts.path or parts.query or parts.fragment:
        raise ValueError(_EXAMPLES)
    return host, own or port

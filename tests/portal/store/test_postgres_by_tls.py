"""A server on another machine is spoken to by TLS, with its name checked, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.settings import Secret
from portal.store.database import Database
from portal.store.migrate import DatabaseNotReady, bring_up_to_date
from tests.support.certificate import certificate
from tests.support.house import free_port
from tests.support.postgres import NAME, Postgres, running_postgres


@dataclass
class ByTls:
    """A server behind a port, and who signed for its name."""

    server: Postgres
    database: str
    chain: Path
    stranger: Path

    def address(self, host: str, chain: Path) -> Secret:
        """As it would stand in the settings for a server elsewhere."""
        where = f"{NAME}:{self.server.password}@{host}:{self.server.port}/{self.database}"
        return Secret(f"postgresql://{where}?sslmode=verify-full&sslrootcert={chain}")


@pytest.fixture(scope="module")
def by_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ByTls]:
    stranger = certificate(tmp_path_factory.mktemp("stranger"), "localhost")
    with running_postgres(listen_addresses="127.0.0.1", port=str(free_port())) as server, server.database() as name:
        own = certificate(server.folder, "localhost")
        own.key.chmod(0o600)
        server.gives(own.chain, own.key)
        for told in (f"ssl_cert_file = '{own.chain}'", f"ssl_key_file = '{own.key}'", "ssl = on"):
            server.run(f"ALTER SYSTEM SET {told}")
        server.stop()
        server.start()
        yield ByTls(server, name, own.chain, stranger.chain)


async def test_by_tls_the_rows_are_kept_as_by_a_socket(by_tls: ByTls) -> None:
    address = by_tls.address("localhost", by_tls.chain)
    assert await asyncio.to_thread(bring_up_to_date, address)
    database = Database(address)
    async with database.write() as connection:
        asked = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        assert (await connection.execute(asked)).scalar_one()
    await database.close()


@pytest.mark.parametrize("wrong", ["who signed", "the name"])
def test_a_server_that_is_not_the_one_that_was_named_is_refused_with_a_sentence(by_tls: ByTls, wrong: str) -> None:
    if wrong == "who signed":
        address = by_tls.address("localhost", by_tls.stranger)
    else:
        address = by_tls.address("127.0.0.1", by_tls.chain)

    with pytest.raises(DatabaseNotReady, match=r"cannot be used.*certificate") as refused:
        bring_up_to_date(address)
    assert by_tls.server.password not in str(refused.value)

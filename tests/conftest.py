"""Resources that many tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lotskoping import Lotskoping, open_lotskoping

# What the machine or a developer's shell says must not decide what a test sees.
for name in [name for name in os.environ if name.startswith("LOTSEN_")]:
    del os.environ[name]


@pytest.fixture
def lotskoping(tmp_path: Path) -> Iterator[Lotskoping]:
    """A Lotsen with the invented municipality, on SQLite, at T0."""
    opened = open_lotskoping(tmp_path)
    yield opened
    opened.services.database.close()

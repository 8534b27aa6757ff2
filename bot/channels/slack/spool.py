"""A folder for deliveries whose row in the database is not there yet when Slack wants its answer.

Normally empty. A file is written and flushed to disk before the answer, and removed when the
inbox holds the delivery; what a killed process leaves behind is taken at the next start.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path


class Spool:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, key: str, raw: bytes) -> Path:
        """Store durably under the key; raises OSError when the disk refuses."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.path_of(key)
        unfinished = path.with_suffix(".part")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name has to survive too
        finally:
            os.close(folder)
        return path

    def drop(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def set_aside(self, path: Path) -> None:
        """Keep a file that cannot be read for a person to look at, out of the way."""
        path.replace(path.with_suffix(".unreadable"))

    def waiting(self) -> Iterator[tuple[Path, bytes]]:
        """Yield what lies here, oldest first; a file may go while it is being listed."""
        found = []
        for path in self._folder.glob("*.json"):
            with suppress(FileNotFoundError):
                found.append((path.stat().st_mtime_ns, path, path.read_bytes()))
        for _, path, raw in sorted(found):
            yield path, raw

    def path_of(self, key: str) -> Path:
        return self._folder / f"{sha256(key.encode()).hexdigest()}.json"

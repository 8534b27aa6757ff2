"""Writes a migration from the difference between the tables and the migrations there are.

Run it as `make migration m="add severity"`; read what it wrote before you commit it.
"""

import sys
import tempfile
from pathlib import Path

from storage.database import open_database
from storage.migrate import migrate, write_migration


def main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'empty.db'}")
        migrate(database)
        write_migration(database, message)
        database.close()


if __name__ == "__main__":
    main(sys.argv[1])

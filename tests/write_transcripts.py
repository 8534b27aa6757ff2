"""Writes every transcript anew from what its person says: make transcripts."""

import sys
import tempfile
from pathlib import Path

from tests.lotskoping import open_lotskoping
from tests.scenarios import FOLDER, play, scripts


def main() -> None:
    for script in scripts():
        with tempfile.TemporaryDirectory() as folder:
            lotskoping = open_lotskoping(Path(folder))
            text = play(lotskoping, script)
            lotskoping.services.database.close()
        (FOLDER / f"{script.name}.txt").write_text(text, encoding="utf-8")
        sys.stdout.write(f"{script.name}\n")


if __name__ == "__main__":
    main()

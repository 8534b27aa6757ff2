"""The command line. Faults that the operator can mend are one sentence, never a traceback."""

import os
import sys
from pathlib import Path

import typer

from bot.commands import exporting, language, operation, organisation, reporting, simulating
from bot.config import load_settings
from bot.logs import configure_logs
from handlers.errors import ConfigurationFault

app = typer.Typer(
    name="lotsen",
    help="Lotsen tar emot rapporter och klagomål och ser till att de leder någonstans.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _data_dir() -> Path:
    return load_settings().data_dir


operation.register(app)
organisation.register(app)
reporting.register(app)
simulating.register(app)
exporting.register(app)
language.register(app, _data_dir)


OWNER_ONLY = 0o077  # database, mail and exports are nobody else's to read


def main() -> None:
    os.umask(OWNER_ONLY)
    configure_logs()
    try:
        app()
    except ConfigurationFault as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()

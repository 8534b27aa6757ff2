"""The commands that bring reports in: chat and ingest."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.config import load_settings


def register(app: typer.Typer) -> None:
    app.command()(chat)
    app.command()(ingest)
    app.command("export-case")(export_case)


def chat(
    form: Annotated[str, typer.Option(help="deviation eller complaint")] = "deviation",
    conversation: Annotated[str, typer.Option(help="Whose conversation to go on with.")] = "",
) -> None:
    """Report in the terminal, or by a pipe."""
    from bot.channels import console
    from bot.preparing import prepare
    from handlers.errors import ConfigurationFault

    services = prepare(load_settings())
    if form not in services.forms:
        raise ConfigurationFault(f"Formuläret {form} finns inte.")
    conversation_id = f"{console.CHANNEL}:{conversation or getpass.getuser()}"
    console.talk(services, sys.stdin, sys.stdout, conversation_id=conversation_id, form_id=form)
    services.database.close()


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or Maildirs.")],
) -> None:
    """Take raw mails as the mailbox would; one JSON line for each."""
    from bot.delivery import deliver_outbox
    from bot.ingesting import ingest_paths
    from bot.preparing import prepare
    from bot.serving import build_channels

    services = prepare(load_settings())
    for line in ingest_paths(services, paths):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    deliver_outbox(services, build_channels(services))
    services.database.close()


def export_case(
    number: Annotated[str, typer.Argument(help="The case, such as SYN-2026-00001.")],
    out: Annotated[Path, typer.Option(help="Folder for the package.")] = Path(),
    without_sender: Annotated[bool, typer.Option(help="Leave out who wrote.")] = False,
) -> None:
    """Write a case with originals, readable copy and check sums as a zip file."""
    from bot.case_package import export_by_number
    from bot.preparing import prepare

    services = prepare(load_settings())
    path = export_by_number(services, number, out, with_sender=not without_sender)
    services.database.close()
    sys.stdout.write(f"{path}\n")

"""The commands of operation: serve, check-config, migrate, prepare."""

import socket
import sys
from enum import StrEnum
from typing import Annotated

import typer

from bot.config import Settings, load_settings
from handlers.errors import ConfigurationFault


class ServeRole(StrEnum):
    ALL = "all"
    WEB = "web"
    WORKER = "worker"


def register(app: typer.Typer) -> None:
    @app.command()
    def serve(
        role: Annotated[ServeRole, typer.Option(help="Which part to run.")] = ServeRole.ALL,
    ) -> None:
        """Serve the pages and do the background work."""
        from bot import serving

        settings = load_settings()
        if role != ServeRole.WORKER:
            _check_port(settings)
        serving.run(settings, web=role != ServeRole.WORKER, work=role != ServeRole.WEB)

    @app.command("check-config")
    def check_config() -> None:
        """Check settings, forms, texts, rules, database, model; name every fault."""
        from bot import checking

        found = checking.faults()
        for fault in found:
            sys.stdout.write(f"{fault}\n")
        if found:
            raise typer.Exit(2)
        sys.stdout.write("Inställningarna är riktiga.\n")

    @app.command()
    def migrate() -> None:
        """Bring the database up to date."""
        from bot.preparing import open_migrated

        open_migrated(load_settings()).close()
        sys.stdout.write("Databasen är uppdaterad.\n")

    @app.command()
    def prepare() -> None:
        """Make ready to run: database, model, and in demo mode the invented municipality."""
        from bot import preparing

        preparing.prepare(load_settings()).database.close()


def _check_port(settings: Settings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigurationFault(
                f"Porten {settings.port} på {settings.host} går inte att använda "
                f"({error.strerror}). Stäng det andra programmet eller sätt LOTSEN_PORT."
            ) from error

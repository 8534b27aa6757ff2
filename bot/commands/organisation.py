"""The commands of the organisation and its logs: organisation import, export; verify-history."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.app import Services, build_services
from bot.config import load_settings
from bot.preparing import open_migrated
from storage.history import broken_chains, head_of_all


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Enheter, personer och uppdrag.", no_args_is_help=True)
    app.add_typer(group, name="organisation")
    _register_file_commands(group)

    @app.command("verify-history")
    def verify_history() -> None:
        """Check that no line of the cases' history or the log was changed; name those that were."""
        services = _open()
        with services.unit_of_work(read_only=True) as uow:
            broken = list(broken_chains(uow.connection))
            count, head = head_of_all(uow.connection)
            broken_lines = uow.audit.broken_lines()
        services.database.close()
        for line in broken_lines:
            sys.stdout.write(f"Loggen är ändrad: rad {line}\n")
        for case_id in broken:
            sys.stdout.write(f"Historiken är ändrad: {case_id}\n")
        sys.stdout.write(f"{count} rader, kontrollsumma {head}\n")
        if broken or broken_lines:
            raise typer.Exit(1)


def _register_file_commands(group: typer.Typer) -> None:
    @group.command("import")
    def import_file(
        file: Annotated[Path, typer.Argument(help="CSV, ett uppdrag på varje rad.")],
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa bara.")] = False,
        allow_many: Annotated[
            bool, typer.Option("--allow-many", help="Fler uppdrag får upphöra än som är kvar.")
        ] = False,
    ) -> None:
        """Make the organisation what the file says; show every difference and every fault."""
        from bot.organisation import import_organisation

        try:
            raw = file.read_bytes()
        except OSError as error:
            sys.stderr.write(f"{file}: kan inte läsas ({error.strerror})\n")
            raise typer.Exit(2) from error
        services = _open()
        result = import_organisation(
            services, raw, actor_id="system", dry_run=dry_run, ends_most=allow_many
        )
        services.database.close()
        change = result.change
        for line in (*change.differences, *change.warnings) if change else ():
            sys.stdout.write(f"{line}\n")
        for fault in result.faults:
            sys.stderr.write(f"{file.name}: {fault}\n")
        if result.faults:
            sys.stderr.write("Inget har ändrats.\n")
            raise typer.Exit(2)
        sys.stdout.write("Klart.\n" if result.done else "Provkörning: inget har ändrats.\n")

    @group.command("export")
    def export() -> None:
        """Write today's organisation as CSV, in the form that import takes."""
        from bot.organisation import export_organisation

        services = _open()
        sys.stdout.write(export_organisation(services))
        services.database.close()


def _open() -> Services:
    settings = load_settings()
    open_migrated(settings).close()
    return build_services(settings)

"""`lotsen model`: which models are there, which is in use, and own history as texts."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.evaluation import MODEL_FOLDER, DataDir
from handlers.errors import ConfigurationFault


def register_models(app: typer.Typer, data_dir: DataDir) -> None:
    models = typer.Typer(help="The trained models: list, promote, rollback, import-history.")
    app.add_typer(models, name="model")
    models.command(name="import-history")(import_history)

    @models.command(name="list")
    def list_models() -> None:
        """List the stored models; a star marks the one in use."""
        _list(data_dir() / MODEL_FOLDER)

    @models.command()
    def promote(version: str) -> None:
        """Put a stored model in use; running processes take it at their next start."""
        from nlp import model_store

        model_store.promote(data_dir() / MODEL_FOLDER, version)
        typer.echo(f"In use: {version}")

    @models.command()
    def rollback() -> None:
        """Go back to the model that was in use before."""
        from nlp import model_store

        typer.echo(f"In use: {model_store.roll_back(data_dir() / MODEL_FOLDER)}")


def _list(model_dir: Path) -> None:
    from nlp import model_store

    current = model_store.current_version(model_dir)
    versions = model_store.versions(model_dir)
    for version in versions:
        settings = model_store.read_settings(model_dir / version)
        star = "*" if version == current else " "
        counted = f"{settings.texts} texts, {settings.corrections} of the site's own"
        typer.echo(f"{star} {version}  {counted}")
    if not versions:
        typer.echo("No model yet: lotsen train")


def import_history(
    file: Annotated[Path, typer.Argument(help="CSV export of old reports.")],
    crosswalk: Annotated[Path, typer.Option(help="TOML: columns, and old names to codes.")],
    out: Annotated[Path, typer.Option(help="Where the masked texts go, as .jsonl.")],
    delimiter: Annotated[str, typer.Option(help="Between the columns.")] = ";",
) -> None:
    """Make masked texts of an export, for train --history or evaluate --corpus."""
    from handlers.domain.category import load_taxonomy
    from nlp import history
    from nlp.personal_data import load_personal_data_finder

    if len(delimiter) != 1:
        raise ConfigurationFault("--delimiter: one sign, for example ; or ,")
    if out.suffix != ".jsonl":
        raise ConfigurationFault(f"{out}: the name must end with .jsonl")
    chosen = history.load_crosswalk(crosswalk, load_taxonomy())
    read = history.read_history(file, chosen, load_personal_data_finder(), delimiter=delimiter)
    history.write_texts(read.texts, out)
    typer.echo(f"{len(read.texts)} texts written, {read.left_out} rows left out.")
    if read.without_text:
        typer.echo(f"  {read.without_text}: no text")
    for name, rows in sorted(read.unknown.items(), key=lambda one: -one[1]):
        typer.echo(f"  {rows}: category {name!r} is not in {crosswalk.name}")
    typer.echo("What a model has learnt from says nothing of how good it is: train on one part,")
    typer.echo("measure on another.")
